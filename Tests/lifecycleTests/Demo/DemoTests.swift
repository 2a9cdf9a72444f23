import CommandLine
import CustomerLifecycle
import FoundationEssentials
import Processor
import Service
import Testing
import Wire

@testable import lifecycle

@Suite struct `The demo` {
    private static let transcript =
        #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/transcript-seed-1.txt"

    /// After a wanted change the new text is in the failure's message: run the demo of 7 months and keep it.
    @Test func `prints for a seed what it printed before, to the byte`() throws {
        let expected = try String(contentsOfFile: Self.transcript, encoding: .utf8)
        let output = try DemoRun(seed: 1).output
        #expect(output == expected, "\(output)")
    }

    @Test func `tells other stories for another seed`() throws {
        let runs = [try DemoRun(seed: 1, monthCount: 5), try DemoRun(seed: 2, monthCount: 5)]
        let (one, two) = (try Storyteller(of: runs[0].shop).stories(), try Storyteller(of: runs[1].shop).stories())
        #expect(one.count == 3 && two.count == 3)
        #expect(one.map(\.lines) != two.map(\.lines))
        #expect(one.map(\.customer) != two.map(\.customer))
    }

    @Test func `tells nothing that was not published or logged`() throws {
        let run = try DemoRun(seed: 3)
        var published: Set<Told> = []
        try run.shop.changeFeed().lendNew { output in
            guard case .stageChange(let change) = output.content else { return }
            published.insert(
                Told(customer: output.head.customer, stage: change.standing.stage, at: change.standing.enteredAt))
        }
        let stories = try Storyteller(of: run.shop).stories()
        #expect(stories.count == 3)
        for story in stories {
            let changes = story.lines.compactMap { line in
                line.stage.map { Told(customer: story.customer, stage: $0, at: line.at) }
            }
            // Every line is a published change, and every published change of the customer has its line.
            #expect(Set(changes) == published.filter { $0.customer == story.customer })
            let report = try #require(try run.shop.view().explain(story.customer, asOf: nil))
            for line in story.lines {
                guard let cause = line.cause else { continue }
                #expect(report.timeline.contains { $0.at == line.at && $0.kind == .event && $0.text == cause })
            }
        }
    }

    private struct Told: Hashable {
        let customer: String
        let stage: String
        let at: Instant
    }

    @Test func `stays within 80 columns, but for the paths in its commands`() throws {
        for line in try DemoRun(seed: 4, monthCount: 4).output.split(separator: "\n") {
            #expect(TextWidth.columnCount(of: String(line)) <= 80, "\(line)")
            #expect(!line.contains("\u{1B}"))
        }
    }

    @Test func `ends with who stands where, as a new fold of its log says`() throws {
        let run = try DemoRun(seed: 5, monthCount: 4)
        let shop = run.shop
        #expect(try shop.stages().stages == shop.view().current().stages().stages)
        #expect(shop.rejectedCount == 0)
        #expect(shop.tickCount > 0)
        #expect(run.output.contains("\(Grouped(shop.changeCount)) changes of"))
    }

    @Test func `does not begin where a log is`() throws {
        let run = try DemoRun(seed: 6, monthCount: 1)
        let directory = run.shop.directory
        let error = #expect(throws: CommandFailure.self) { try DemoDirectory.make(directory) }
        #expect(error?.code == .usage)
        #expect(error?.description.contains("holds a log already") == true)
    }
}
