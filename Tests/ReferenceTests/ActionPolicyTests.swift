import CustomerLifecycle
import Foundation
import PolicyLanguage
import Testing

@Suite struct `Policies with actions of the reference` {
    private struct Case: Decodable {
        struct Entry: Decodable {
            let policy: String?
        }

        let id: Int
        let policy: String
        let log: [Entry]
    }

    @Test func `compile, those that are adopted on the way too`() throws {
        var policyCount = 0
        for line in try ReferenceCase.read("actions.jsonl.gz") {
            let found = try JSONDecoder().decode(Case.self, from: Data(line.utf8))
            for text in [found.policy] + found.log.compactMap(\.policy) {
                let compiled = PolicyCompiler.compile(text)
                let actions = text.split(separator: "\n").count { $0.hasPrefix("    after: ") }
                #expect(compiled.errors.isEmpty, "case \(found.id): \(compiled.errors)")
                #expect(compiled.policy?.contacts.actions.count == actions, "case \(found.id)")
                policyCount += 1
            }
        }
        #expect(policyCount == 3_792)
    }
}
