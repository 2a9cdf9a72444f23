import CommandLine
import CustomerLifecycle
import Testing

@testable import lifecycle

@Suite struct `A length of time as a setting` {
    @Test(arguments: [
        ("1s", Milliseconds.seconds(1)), ("45m", .minutes(45)), ("72h", .hours(72)), ("3650d", .days(3_650)),
    ])
    func `is a number of one unit`(text: String, length: Milliseconds) {
        #expect(Format<Milliseconds>.length.read(text) == length)
    }

    @Test(arguments: [
        "", "h", "72", "0h", "-1h", "+1h", "07d", "1.5h", "1h30m", "72 h", "72H", "3651d", "99999999999999999999s",
    ])
    func `is nothing else`(text: String) {
        #expect(Format<Milliseconds>.length.read(text) == nil)
    }
}
