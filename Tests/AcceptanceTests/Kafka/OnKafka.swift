import Foundation
import Glibc
import Testing

/// What the program does on a real Kafka. The tests run one after the other: a broker, a processor and a test keep two
/// cores busy, and some tests freeze the broker.
@Suite(.serialized, .whereKafkaIsGiven) enum OnKafka {}

/// Polls until `isSo`, since another process does the work and does not report its end.
func eventually(
    _ sentence: String, within limit: Duration = .seconds(60), location: SourceLocation = #_sourceLocation,
    _ isSo: () throws -> Bool
) throws {
    let end = ContinuousClock.now + limit
    while try !isSo() {
        try #require(ContinuousClock.now < end, "not within \(limit): \(sentence)", sourceLocation: location)
        poll(nil, 0, 100)
    }
}

/// Lets time pass, not to wait for something, but so that a kill comes at another place each time.
func pass(_ duration: Duration) {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end { sched_yield() }
}
