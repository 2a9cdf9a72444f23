import Foundation
import Testing

@testable import Service

/// `.ci/ops` has Prometheus' own tool try the expressions; what they name only we know.
@Suite struct `The alerts and the dashboard` {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "schemas/ops")
    private static let labelsOfPrometheus: Set = ["job", "instance", "le"]

    @Test(arguments: ["alerts.yml", "alerts.test.yml", "grafana.json"])
    func `name metrics that there are, with labels that they have`(file: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
            .replacing("\\\"", with: "\"")
        var count = 0
        for match in text.matches(of: /\b((?:lifecycle|process)_[a-z_]+)(?:\{([^}]*)\})?/) {
            let name = String(match.1)
            let metric = ExposedMetric.table.first { metric in
                metric.kind == .histogram
                    ? ["_bucket", "_sum", "_count"].contains { metric.name + $0 == name } : metric.name == name
            }
            let found = try #require(metric, "\(name) is none of the table's")
            count += 1
            for label in (match.2 ?? "").matches(of: /([a-z_]+)\s*(?:=|!)/) {
                let label = String(label.1)
                #expect(
                    found.labels.contains(label) || Self.labelsOfPrometheus.contains(label), "\(name) has no \(label)")
            }
        }
        #expect(count > 15)
    }
}
