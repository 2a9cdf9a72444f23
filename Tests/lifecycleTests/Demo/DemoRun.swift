import Capture
import CommandLine
import CustomerLifecycle
import FoundationEssentials
import Processor

@testable import lifecycle

/// A demo of a few months in its own directory, which is removed with it. The output shows the directory as DIR.
final class DemoRun {
    let shop: DemoShop
    let output: String
    private let path: String

    init(seed: UInt64, monthCount: Int = 7) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "demo-\(UUID().uuidString)").path
        self.path = path
        let shop = try DemoShop(directory: path, seed: seed)
        self.shop = shop
        var failure: (any Error)?
        let session = Session.capturing { terminal in
            do {
                var demo = try Demo(shop, seed: seed, monthCount: monthCount, terminal: terminal)
                try demo.run(once: true)
                return .done
            } catch {
                failure = error
                return .usage
            }
        }
        if let failure { throw failure }
        output = session.output.replacing(path, with: "DIR")
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            print("The directory \(path) stays: \(error)")
        }
    }
}
