import FoundationEssentials
import Storage
import Testing

@testable import Processor

@Suite struct `DumpKept` {
    @Test func `dump`() throws {
        let shop = try KeptShop()
        try shop.begin()
        for folder in ["log", "checkpoints"] {
            try FileManager.default.createDirectory(
                atPath: "/tmp/w/kept4/\(folder)", withIntermediateDirectories: true)
            for name in try shop.workshop.disk.names(in: folder) {
                let bytes = shop.workshop.disk.contents(of: "\(folder)/\(name)")
                if bytes.isEmpty { continue }
                try Data(bytes).write(to: URL(filePath: "/tmp/w/kept4/\(folder)/\(name)"))
            }
        }
    }
}
