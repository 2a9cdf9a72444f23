import Foundation

/// The orders of a real shop, and what others computed from them (`reference.json`).
enum CDNOW {
    /// The day of the last orders, as changes spell it.
    static let end = "1998-06-30T00:00:00.000Z"

    static func importing(
        into data: String, partitions: Int = 4, policy: String = Settings.policy("ref-1"), batch: Int? = nil,
        file: String = Settings.cdnow
    ) -> [String] {
        ["import", file, "--data", data, "--policy", policy, "--partitions", "\(partitions)", "--json"]
            + (batch.map { ["--batch", "\($0)"] } ?? [])
    }

    /// The reference, by the file's own names.
    struct Reference: Decodable {
        let perLine: PerLine

        struct PerLine: Decodable {
            let stageAtEnd: [String: Int]
            let transitions: [String: Int]
            let stageAsOf: [String: [String: Int]]

            enum CodingKeys: String, CodingKey {
                case stageAtEnd = "ref1_stage_at_end"
                case transitions = "ref1_transitions_up_to_end"
                case stageAsOf = "ref1_stage_as_of"
            }
        }

        enum CodingKeys: String, CodingKey {
            case perLine = "per_line"
        }
    }

    static func reference() throws -> Reference.PerLine {
        let file = URL(filePath: Settings.shared + "/data/cdnow/reference.json")
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file)).perLine
    }
}
