import Foundation
import Glibc
import Testing

/// What the program does on a real Kafka. One after the other: two cores have enough to do with one broker, one
/// processor and one test, and some tests freeze the broker.
@Suite(.serialized, .whereKafkaIsGiven) enum OnKafka {}

/// Looks again and again until `isSo`: another process does the work, and nothing tells this one when it has.
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
