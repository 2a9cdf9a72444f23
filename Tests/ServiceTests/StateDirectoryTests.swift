import CustomerLifecycle
import Foundation
import Processor
import Testing

@testable import Service

@Suite struct `A state directory` {
    let folder = NSTemporaryDirectory() + "lifecycle-state-\(UUID().uuidString)"

    @Test func `gives an instance the same name after every start`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try StateDirectory(folder).take(.router).instance
        let again = try StateDirectory(folder).take(.router).instance
        let other = try StateDirectory(folder).take(.projector).instance
        #expect(first == again && first.count == 8)
        #expect(first != other)
    }

    @Test func `has one process a role`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let state = try StateDirectory(folder)
        let held = try state.take(.router)
        let error = #expect(throws: ProcessorError.self) { try StateDirectory(self.folder).take(.router) }
        #expect(error?.cause == .directoryInUse)
        _ = try state.take(.projector)
        #expect(held.role == .router)
    }

    @Test func `gives the status back as it was written`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let state = try StateDirectory(folder)
        #expect(try state.status() == nil)
        try state.write(
            StatusText(
                isHealthy: false, written: Instant(milliseconds: 17), json: "{}", lines: ["not healthy", "  ! why"]))
        let status = try #require(try state.status())
        #expect(!status.isHealthy && status.written == Instant(milliseconds: 17) && status.json == "{}")
        #expect(status.lines == ["not healthy", "  ! why"])
    }

    @Test(arguments: ["", "1 healthy", "2 healthy 5\n{}", "1 fine 5\n{}", "1 healthy x\n{}"])
    func `takes nothing else for a status`(text: String) {
        #expect(StatusText(text) == nil)
    }
}
