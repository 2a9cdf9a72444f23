import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Service
import Storage

/// A policy as a setting names it: the path of a file, or `preset:NAME`. Every command that takes one reads it here.
struct PolicyFile {
    let name: String
    /// The preset; nil for a file.
    let preset: Preset?

    /// Nil names the built-in policy. Throws if there is no such preset.
    init(_ name: String?) throws(CommandFailure) {
        let name = name ?? Preset.default.fileName
        self.name = name
        guard name.hasPrefix(Preset.prefix) else {
            preset = nil
            return
        }
        preset = try Self.preset(String(name.dropFirst(Preset.prefix.count)))
    }

    /// Compiles it, whatever is wrong with it. A preset counts in `currency` if one is given.
    func compiled(in currency: Currency? = nil) throws(CommandFailure) -> CompiledPolicy {
        guard let preset else { return PolicyCompiler.compile(try Self.bytes(of: name), fileName: name) }
        return currency.map(preset.compiled(in:)) ?? preset.compiled
    }

    static func preset(_ name: String) throws(CommandFailure) -> Preset {
        guard let preset = Preset(rawValue: name) else {
            let known = Preset.allCases.map(\.rawValue)
            let question = Suggestion.nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? "."
            throw CommandFailure(
                .usage,
                "no preset is called \(Printable(name))\(question) There are "
                    + "\(known.joined(separator: ", ")). `lifecycle policy presets` says what each is.")
        }
        return preset
    }

    /// More than a policy may have, so that the compiler reports one that is too long.
    private static let byteCountMax = 1 << 20

    /// Returns a file's bytes, the first MiB at most.
    static func bytes(of path: String) throws(CommandFailure) -> [UInt8] {
        do throws(StorageError) {
            let file = try FileDisk().open(path, .reading)
            let buffer = ByteBuffer()
            let count = min(try file.byteCount(), byteCountMax)
            let found = try file.read(into: buffer.resize(to: count), at: 0)
            return Array(buffer.bytes.prefix(found))
        } catch {
            throw CommandFailure(.usage, error.description)
        }
    }
}

extension PolicyFile {
    /// What is wrong with a policy, and where.
    static func errors(of policy: CompiledPolicy) -> String {
        policy.errors.flatMap { policy.lines(of: $0) }.joined(separator: "\n")
    }
}

extension Preset {
    /// What to look at in a copy that counts in `currency`; nil where there is nothing.
    func remark(in currency: Currency) -> String? {
        guard currency != self.currency, !amounts.isEmpty else { return nil }
        let figures = amounts.map { "\($0.figure) \(currency.letters) on line \($0.line)" }
        return "its figures were chosen for \(self.currency.letters) and are not converted: look at "
            + figures.joined(separator: ", ")
    }
}

extension Format<String> {
    static let policy = Self(
        "FILE|preset:NAME", expected: "the path of a policy file, or preset:NAME", offer: .files
    ) { $0.isEmpty ? nil : $0 }

    static let preset = Self(
        "NAME", expected: "the name of a preset", offer: .words(Preset.allCases.map(\.rawValue))
    ) { $0.isEmpty ? nil : $0 }
}
