import Capture
import CommandLine
import Foundation
import Service
import Testing

@testable import lifecycle

/// On the log that a build with version 1 of the fold left, whose subscribers have heard of everybody.
@Suite struct `upgrade` {
    private let shop: CornerShop

    init() throws {
        shop = try CornerShop()
        let kept = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../ProcessorTests/Kept/1")
        try FileManager.default.createDirectory(atPath: shop.path + "/data", withIntermediateDirectories: true)
        for folder in ["log", "checkpoints"] {
            try FileManager.default.copyItem(
                at: kept.appending(path: folder), to: URL(filePath: shop.path + "/data/" + folder))
        }
    }

    @Test func `is what every other command asks for, and then they work`() throws {
        for words in [["stages"], ["customers"], ["digest"], ["import", "./orders.csv"]] {
            let session = shop.run(words + ["--data", "./data"])
            #expect(session.code == .otherFoldVersion, "\(words)")
            #expect(session.errors.contains("`lifecycle upgrade`"), "\(words)")
        }
        let report = try shop.object("upgrade", "--data", "./data", "--yes")
        #expect(report["from_version"] as? Int == 1 && report["to_version"] as? Int == 7)
        #expect(report["generation"] as? Int == 3 && report["is_done"] as? Bool == true)
        let stages = try shop.object("stages", "--data", "./data")["stages"] as? [String: Int]
        #expect(stages?.values.reduce(0, +) == report["customers"] as? Int)
        #expect(shop.run("import", "./orders.csv", "--data", "./data").code == .someInputRefused)
    }

    @Test func `says what changes, and once it is done that it is`() throws {
        let first = shop.run("upgrade", "--data", "./data", "--yes")
        #expect(first.code == .done)
        #expect(first.output.contains("a mail marked as spam withdraws consent to e-mail"))
        #expect(first.output.hasSuffix("Generation 3 is published.\n"), "\(first.output)")
        let again = shop.run("upgrade", "--data", "./data", "--yes")
        #expect(again.code == .done)
        #expect(again.output == "Version 7 of the fold is in force already, as this build has it.\n")
    }
}
