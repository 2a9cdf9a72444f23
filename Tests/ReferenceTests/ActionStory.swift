import CustomerLifecycle
import Foundation
import Testing
import Wire

/// One customer and a policy with actions, told in short: instants as `06-02T18:30`.
struct ActionStory: ~Copyable {
    private var course: ActionCourse
    private let id: String
    private var messageCount = 0

    /// `customer` as in the log: a visitor is `a:` and an anonymous id.
    init(_ policy: String, customer: String = "u:ada") throws {
        course = try ActionCourse(policy, customer: customer)
        id = (customer.hasPrefix("u:") ? #""userId":""# : #""anonymousId":""#) + customer.dropFirst(2) + #"""#
    }

    /// Of 2026, unless another year stands before it.
    private func instant(_ text: String) throws -> Instant {
        try #require(TimeText.parse((text.count > 11 ? "" : "2026-") + text + ":00Z"))
    }

    mutating func event(
        _ at: String, _ name: String, _ properties: String = "", appended: String? = nil, isImport: Bool = false
    ) throws {
        messageCount += 1
        let call =
            name == "identify"
            ? #""type":"identify","traits":{\#(properties)}"#
            : #""type":"track","event":"\#(name)","properties":{\#(properties)}"#
        let time = try instant(at).rfc3339
        let json = #"{"messageId":"m\#(messageCount)",\#(id),"timestamp":"\#(time)",\#(call)}"#
        let record = try instant(appended ?? at)
        try course.follow(.event(json: Array(json.utf8), appended: record, isBackfill: isImport))
    }

    /// The imported history is complete.
    mutating func catchUp(_ at: String) throws { course.catchUp(at: try instant(at)) }
    mutating func tick(_ at: String) throws { try course.follow(.tick(instant(at))) }
    mutating func adopt(_ policy: String, _ at: String) throws {
        try course.follow(.adoption(instant(at), policy: policy))
    }

    /// What became of steps: `06-02T08:00 thanks/thank_you/o-1 due`.
    var outcomes: [String] {
        course.outputs.compactMap { output in
            let words = output.split(separator: " ")
            guard words.count > 2, words[1].contains("/"), let milliseconds = Int64(words[0]) else { return nil }
            let at = Instant(milliseconds: milliseconds).rfc3339.dropFirst(5).prefix(11)
            return "\(at) \(words[1]) \(words[2])" + (words[3] == "–" ? "" : " \(words[3])")
        }
    }
}
