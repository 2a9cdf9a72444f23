import Foundation
import Glibc

/// The resources that a process has used so far, as the kernel counts them.
struct ProcessUsage: Equatable {
    var processorSeconds: Double
    var peakMegabytes: Double

    static func of(_ id: pid_t) throws -> ProcessUsage {
        func read(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(filePath: "/proc/\(id)/\(name)")), as: UTF8.self)
        }
        guard let usage = ProcessUsage(stat: try read("stat"), status: try read("status")) else {
            throw BenchFailure("/proc/\(id) says nothing of processor time and memory.")
        }
        return usage
    }

    init(processorSeconds: Double, peakMegabytes: Double) {
        self.processorSeconds = processorSeconds
        self.peakMegabytes = peakMegabytes
    }

    /// Reads the texts of `stat` and `status`; nil unless both have the kernel's form.
    init?(stat: String, status: String) {
        // The program's name, in parentheses, may hold blanks; user and system time are the 12th and 13th after it.
        guard let nameEnd = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[nameEnd...].split(separator: " ").dropFirst().map(String.init)
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { return nil }
        processorSeconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        peakMegabytes = kilobytes / 1_024
    }
}
