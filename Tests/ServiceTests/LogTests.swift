import Capture
import CommandLine
import CustomerLifecycle
import Testing

@testable import Service

@Suite struct `The log for operators` {
    @Test(arguments: [
        (
            LogStyle.text,
            "1970-01-01T00:00:00Z warning: time stands \\u{a}still topic=orders partition=\"3 of \\\"4\\\"\"\n"
        ),
        (
            LogStyle.json,
            #"{"time":"1970-01-01T00:00:00Z","level":"warning","message":"time stands \nstill","#
                + #""topic":"orders","partition":"3 of \"4\""}"#
                + "\n"
        ),
    ])
    func `is one line per event`(style: LogStyle, line: String) {
        let scratch = Scratch()
        let log = Log(style: style, output: FileOutput(descriptor: scratch.descriptor, isBuffered: false)) {
            Instant(milliseconds: 0)
        }
        log.warning("time stands \nstill", ["topic": "orders", "partition": "3 of \"4\""])
        #expect(scratch.text() == line)
    }
}
