import Processor
import Testing

@testable import Service

@Suite struct `A topic that was made a moment ago` {
    @Test(arguments: [ProcessorError.Cause.notOurLog, .inputMissing])
    func `is waited for, since not each broker knows it yet`(cause: ProcessorError.Cause) throws {
        var askedCount = 0
        let found = try TopicPatience(.seconds(60)).call { () throws(ProcessorError) in
            askedCount += 1
            guard askedCount == 3 else { throw ProcessorError(cause, "There is no topic.") }
            return "found"
        }
        #expect(found == "found" && askedCount == 3)
    }

    @Test func `is told as missing once patience is over, or the process is to stop`() {
        #expect(throws: ProcessorError.self) { try Self.missing(TopicPatience(.zero)) }
        #expect(throws: ProcessorError.self) { try Self.missing(TopicPatience(.seconds(3_600)) { true }) }
    }

    @Test func `is waited for, but nothing else is`() {
        var askedCount = 0
        #expect(throws: ProcessorError.self) {
            try TopicPatience(.seconds(3_600)).call { () throws(ProcessorError) in
                askedCount += 1
                throw ProcessorError(.refused, "Not you.")
            }
        }
        #expect(askedCount == 1)
    }

    private static func missing(_ patience: TopicPatience) throws(ProcessorError) {
        try patience.call { () throws(ProcessorError) in
            throw ProcessorError(.notOurLog, "There is no topic.")
        }
    }
}
