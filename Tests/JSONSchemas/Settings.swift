import Foundation

/// What the environment tells tests of the folder `schemas` (`make schemas`).
enum Settings {
    /// Whether files that are made from the code are written, rather than compared.
    static let writesSchemas = ProcessInfo.processInfo.environment["WRITE_SCHEMAS"] != nil
}
