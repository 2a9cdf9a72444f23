import Foundation
import JSONSchemas
import Testing

@Suite struct `The shared folder and the schemas` {
    @Test(.whereSharedDataAreGiven) func `have policies of the schema's shape`() throws {
        let schema = try JSONSchema("policy.json")
        let names = try FileManager.default.contentsOfDirectory(atPath: Settings.shared + "/policies")
            .filter { $0.hasSuffix(".yaml") }
        #expect(names.count >= 5)
        for name in names {
            let text = try String(contentsOfFile: "\(Settings.shared)/policies/\(name)", encoding: .utf8)
            #expect(schema.problems(of: try JSONValue(yaml: text)) == [], "\(name)")
        }
    }

    /// The checker knows structure and references alone; what they say is held by other tests.
    @Test(.whereSharedDataAreGiven, .enabled(if: try Self.hasNode, "there is no Node 18 or newer"))
    func `have a document of topics that AsyncAPI's own checker has nothing to say against`() throws {
        let workplace = try Workplace()
        let checker = Settings.shared + "/tools/asyncapi-check.cjs"
        let document = Settings.project + "/schemas/asyncapi.yaml"
        let run = try Self.run(["exec node \"$0\" \"$1\"", checker, document], in: workplace)
        #expect(run.code == 0)
        #expect(run.output.contains("AsyncAPI 3.1.0, 4 channels"))
        #expect(run.output.split(separator: "\n").count == 1 && run.errors.isEmpty, "\(run.output)\(run.errors)")
    }

    private static var hasNode: Bool {
        get throws {
            let version = "node -p 'parseInt(process.versions.node) >= 18 ? 0 : 1'"
            return try run(["exit $(\(version) || echo 1)"], in: Workplace()).code == 0
        }
    }

    private static func run(_ words: [String], in workplace: Workplace) throws -> Run {
        let path = Settings.environment["PATH", default: ""]
        return try Child(
            ["-c"] + words, files: workplace.path + "/shell", program: "/bin/sh", environment: ["PATH": path]
        ).wait()
    }
}
