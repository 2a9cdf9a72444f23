import CustomerLifecycle
import Testing

@testable import Service

@Suite struct `A length of time for people` {
    @Test(arguments: [
        (Milliseconds(0), "0 seconds"), (Milliseconds(999), "0 seconds"), (.seconds(1), "1 second"),
        (.minutes(90), "1 hour"), (.hours(47), "1 day"), (.days(91), "91 days"), (Milliseconds(-86_400_000), "-1 day"),
        (Milliseconds(.min), "-106,751,991,167 days"),
    ])
    func `says how long in whole units`(length: Milliseconds, text: String) {
        #expect(Lasting(length).description == text)
    }
}
