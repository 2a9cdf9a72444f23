import Brokers
import Foundation
import Storage
import Testing

/// The messages and exit codes of the program where it cannot go on.
@Suite(.whereSharedDataAreGiven) struct `The program refuses` {
    /// Makes a log with the clients' events.
    private func shop() throws -> Workplace {
        let workplace = try Workplace()
        let run = try workplace.start(["import", Settings.clients, "--data", workplace.data]).wait()
        try #require(run.code == ClientFileTests.importCode, "\(run.errors)")
        return workplace
    }

    @Test func `a file that is not there, cut short, without the columns, or no policy`() throws {
        let workplace = try Workplace()
        let cut = workplace.path + "/cut.csv.gz"
        try Data(contentsOf: URL(filePath: Settings.cdnow)).prefix(100_000).write(to: URL(filePath: cut))
        let policy = Settings.policy("default")
        let cases = [
            (["nowhere.csv"], "cannot read nowhere.csv: No such file or directory"),
            ([Settings.shared], "cannot read \(Settings.shared): it is a directory"),
            ([cut], "\(cut) is damaged at byte 100000"),
            ([policy], "\(policy) has no columns order_id, customer_id, ordered_at"),
            ([Settings.cdnow, "--policy", cut], "\(cut) is no policy"),
        ]
        for (index, (words, sentence)) in cases.enumerated() {
            // Each goes into its own directory, so that none finds what another one left.
            let run = try workplace.run(["import"] + words + ["--data", "\(workplace.data)-\(index)"], code: 2)
            #expect(run.output.isEmpty && run.errors.contains(sentence), "\(run.errors)")
        }
    }

    @Test func `a file in the place of its directory`() throws {
        let workplace = try Workplace()
        let run = try workplace.run("import", Settings.clients, "--data", Settings.cdnow, code: 21)
        #expect(run.errors.contains(Settings.cdnow))
    }

    @Test func `a directory that another process writes to, but reads beside it`() throws {
        let workplace = try shop()
        let writer = try EmbeddedBroker.open(directory: workplace.log, access: .readWrite)
        let run = try workplace.run("import", Settings.clients, "--data", workplace.data, code: 5)
        #expect(run.errors.contains(workplace.data))
        try workplace.run("stages", "--data", workplace.data)
        withExtendedLifetime(writer) {}
    }

    @Test func `a log with a damaged frame in its middle, naming file and byte`() throws {
        let workplace = try shop()
        let segment = try #require(try workplace.segments().first)
        var bytes = try Data(contentsOf: URL(filePath: segment))
        // The import's frames come first: the fold has to read this one.
        let place = bytes.count / 10
        bytes[place] ^= 0x10
        try bytes.write(to: URL(filePath: segment))
        try FileManager.default.removeItem(atPath: workplace.data + "/checkpoints")
        let run = try workplace.run("stages", "--data", workplace.data, code: 6)
        let message = try #require(run.errors.firstMatch(of: /(\S+\.frames) is damaged at byte (\d+)/))
        #expect(message.output.1 == segment)
        let named = try #require(Int(message.output.2))
        #expect((1...place).contains(named), "\(named) for \(place)")
        try workplace.run("import", Settings.clients, "--data", workplace.data, code: 6)
    }

    @Test(arguments: [1, 100, 10_000])
    func `nothing where only the tail is torn: what was not whole never happened`(byteCount: Int) throws {
        let workplace = try shop()
        let whole = try workplace.digest(at: "2030-01-01T00:00:00Z")
        let changes = ChangesSummary(try ForeignLog(workplace).changes())
        let segment = try #require(try workplace.segments().last)
        let bytes = try Data(contentsOf: URL(filePath: segment))
        try bytes.dropLast(byteCount).write(to: URL(filePath: segment))
        try workplace.run("stages", "--data", workplace.data)
        try workplace.run("import", Settings.clients, "--data", workplace.data, code: ClientFileTests.importCode)
        #expect(try workplace.digest(at: "2030-01-01T00:00:00Z") == whole)
        #expect(ChangesSummary(try ForeignLog(workplace).changes()) == changes)
    }

    @Test func `another policy than the log's, and other partitions`() throws {
        let workplace = try shop()
        let words = ["import", Settings.clients, "--data", workplace.data]
        let policy = try workplace.run(words + ["--policy", Settings.policy("ref-1")], code: 2)
        #expect(policy.errors.contains("A log keeps its policy"))
        let partitions = try workplace.run(words + ["--partitions", "3"], code: 2)
        #expect(partitions.errors.contains("has 4"))
    }

    @Test func `a customer that nobody knows, and a directory without a log`() throws {
        let workplace = try shop()
        let unknown = try workplace.run("explain", "nobody", "--data", workplace.data, code: 1)
        #expect(unknown.output.isEmpty && unknown.errors.contains("nobody"))
        let empty = try Workplace()
        for command in ["stages", "customers", "digest"] {
            let run = try empty.run(command, "--data", empty.path, code: 8)
            #expect(run.errors.contains("lifecycle import FILE"))
        }
        try empty.run("explain", "nobody", "--data", empty.path, code: 8)
    }
}
