import Capture
import CommandLine
import Foundation
import Service
import Testing

@testable import lifecycle

@Suite struct `A log of which less is left than its checkpoints were taken of` {
    private let shop: CornerShop

    init() throws {
        shop = try CornerShop()
        shop.importOrders()
    }

    private static let questions = [
        ["stages"], ["stages", "--at", CornerShop.newYear], ["customers"], ["digest"],
        ["import", "./orders.csv", "--policy", "./policy.yaml"], ["upgrade", "--yes"],
    ]

    private var checkpoints: String { shop.path + "/data/checkpoints" }

    @Test func `is damaged wherever it was cut, and is cut no further`() throws {
        let whole = try Data(contentsOf: shop.segment)
        let answer = shop.run(Self.questions[1] + ["--data", "./data"])
        var codes: [ExitCode: Int] = [:]
        for count in stride(from: whole.count - 1, to: 0, by: -whole.count / 50) {
            try whole.prefix(count).write(to: shop.segment)
            let session = shop.run(Self.questions[1] + ["--data", "./data"])
            if session.code == .done {
                // What was published is cut, and not what it follows from: the checkpoint is ahead, as after a crash.
                #expect(session == answer)
                codes[.done, default: 0] += 1
                continue
            }
            for words in Self.questions {
                let session = shop.run(words + ["--data", "./data"])
                codes[session.code, default: 0] += 1
                #expect([.damagedLog, .notOurLog].contains(session.code), "\(words) of \(count): \(session)")
                #expect(session.errors.contains("./data/checkpoints"), "\(session.errors)")
                #expect(try Data(contentsOf: shop.segment).count == count)
            }
        }
        #expect(Set(codes.keys) == [.done, .damagedLog, .notOurLog], "\(codes)")
        try whole.write(to: shop.segment)
        #expect(shop.run(["stages", "--data", "./data"]).code == .done)
    }

    @Test func `is not begun anew where it is gone`() throws {
        try FileManager.default.removeItem(at: shop.segment)
        for words in Self.questions {
            let session = shop.run(words + ["--data", "./data"])
            #expect(session.code == .notOurLog, "\(words): \(session)")
            #expect(session.errors.contains("./data/log") && session.errors.contains("./data/checkpoints"))
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: shop.path + "/data/log")
        #expect(!left.contains { $0.hasSuffix(".frames") })
        try FileManager.default.removeItem(atPath: checkpoints)
        #expect(shop.importOrders().code == .someInputRefused)
    }

    @Test func `is gone on with once its checkpoints are removed`() throws {
        let whole = try Data(contentsOf: shop.segment)
        var count = whole.count
        while count > 0, shop.run(["stages", "--data", "./data"]).code == .done {
            count -= whole.count / 50
            try whole.prefix(count).write(to: shop.segment)
        }
        #expect(shop.run(["stages", "--data", "./data"]).code == .damagedLog)
        try FileManager.default.removeItem(atPath: checkpoints)
        #expect(shop.run(["stages", "--data", "./data"]).code == .done)
    }
}
