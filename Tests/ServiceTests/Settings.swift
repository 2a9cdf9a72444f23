import Foundation

/// What `make schemas` says.
enum PageSettings {
    static let writesPages = ProcessInfo.processInfo.environment["WRITE_SCHEMAS"] != nil
}
