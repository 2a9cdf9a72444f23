import Testing

@testable import bench

@Suite struct `The words of bench kafka` {
    @Test func `say what is measured`() throws {
        let settings = try Settings([
            "--only", "latency", "--runs", "1", "--seconds", "10", "--rates", "10,2000", "--orders", "7", "--customers",
            "3", "--lifecycle", "/a", "--shared", "b", "--alone", "--json", "--", "--kafka", "linger.ms=5",
        ])
        #expect(settings.parts == [.latency])
        #expect((settings.runCount, settings.seconds, settings.rates) == (1, 10, [10, 2_000]))
        #expect((settings.orderCount, settings.customerCount) == (7, 3))
        #expect(settings.lifecycle == "/a")
        #expect(settings.shared.hasPrefix("/") && settings.shared.hasSuffix("/b"))
        #expect(settings.isAlone && settings.isJSON)
        #expect(settings.runWords == ["--kafka", "linger.ms=5"])
    }

    @Test func `are all of it without any`() throws {
        let settings = try Settings([])
        #expect(settings.parts == Set(Settings.Part.allCases))
        #expect((settings.runCount, settings.seconds, settings.rates) == (3, 60, [10, 1_000, 5_000, 10_000]))
        #expect((settings.orderCount, settings.customerCount) == (600_000, 100_000))
    }

    @Test(arguments: [
        (["--runs"], "--runs needs a value"), (["--runs", "--json"], "--runs needs a value"),
        (["--runs", "0"], "--runs: expected a whole number from 1 to 99, not \"0\""),
        (["--rates", "10,,20"], "--rates: expected a whole number"), (["--rates", "x"], "not \"x\""),
        (["--only", "speed"], "expected one of latency, catch-up, disk, not \"speed\""),
        (["--fast"], "knows no \"--fast\""), (["7"], "knows no \"7\""),
    ])
    func `are refused by name, with what was expected`(words: [String], sentence: String) {
        let failure = #expect(throws: BenchFailure.self) { try Settings(words) }
        #expect(failure?.code == 2)
        #expect(failure?.description.contains(sentence) == true, "\(failure?.description ?? "")")
    }
}
