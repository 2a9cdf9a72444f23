import Foundation
import Storage
import Testing

@testable import Processor

/// For the build that raises the version of the fold: with `WRITE_KEPT` set, what the one before leaves is written
/// beside these tests.
@Suite struct `What this build leaves` {
    @Test(.enabled(if: Settings.writesKept)) func `is written for the builds to come`() throws {
        let shop = try KeptShop()
        try shop.begin()
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
        for folder in ["log", "checkpoints"] {
            let directory = tests.appending(path: "Kept/\(LogFold.version)/\(folder)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            for name in try shop.workshop.disk.names(in: folder) {
                let bytes = shop.workshop.disk.contents(of: "\(folder)/\(name)")
                if !bytes.isEmpty { try Data(bytes).write(to: directory.appending(path: name)) }
            }
        }
    }
}
