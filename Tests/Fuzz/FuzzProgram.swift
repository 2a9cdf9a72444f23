import Glibc

/// Reads bytes that were made up, whatever they are: `fuzz TARGET FILE…` reads each file once, to repeat what was
/// found, and `fuzz TARGET --samples FOLDER` writes valid ones. Built by `make fuzz` it is libFuzzer, which takes the
/// same files, folders to begin with, and its own options.
@main enum FuzzProgram {
    static var attacks: [any Attack.Type] {
        [EventAttack.self, RecordAttack.self, SegmentAttack.self, CheckpointAttack.self, PolicyAttack.self]
    }

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 2, let attack = attacks.first(where: { $0.name == arguments[1] }) else {
            let names = attacks.map { $0.name }.joined(separator: "|")
            return print("usage: fuzz \(names) FILE…\n       fuzz \(names) --samples FOLDER")
        }
        if arguments[2] == "--samples", arguments.count == 4 {
            for (number, sample) in try attack.samples().enumerated() {
                try write(sample, to: "\(arguments[3])/sample-\(number)")
            }
            return
        }
        var target = Target(try attack.init())
        #if FUZZING
            search(&target)
        #else
            for path in arguments.dropFirst(2) { print("\(path): \(target.attempt(try read(path)))") }
        #endif
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = fopen(path, "w") else { throw BrokenPromise("\(path) cannot be written.") }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw BrokenPromise("\(path) is full.") }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw BrokenPromise("\(path) cannot be read.") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while true {
            let byte = getc(file)
            guard byte != EOF else { return bytes }
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
    }
}

/// What is attacked. A broken promise ends the process, as a trap does.
struct Target {
    private var attack: any Attack

    init(_ attack: any Attack) { self.attack = attack }

    mutating func attempt(_ bytes: [UInt8]) -> Verdict {
        do throws(BrokenPromise) {
            return try attack.attempt(bytes)
        } catch {
            let text = Array("\(error)\n".utf8)
            _ = write(STDERR_FILENO, text, text.count)
            abort()
        }
    }
}

#if FUZZING
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ count: UnsafeMutablePointer<CInt>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ attempt: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
    ) -> CInt

    /// libFuzzer calls a C function, which can capture nothing. One thread runs it.
    nonisolated(unsafe) private var searched: Target?

    extension FuzzProgram {
        /// Hands over to libFuzzer, without the target's name among the arguments.
        fileprivate static func search(_ target: inout Target) {
            searched = target
            var arguments = CommandLine.unsafeArgv
            arguments[1] = arguments[0]
            arguments += 1
            var count = CommandLine.argc - 1
            exit(
                runDriver(&count, &arguments) { bytes, byteCount in
                    _ = searched?.attempt(Array(UnsafeBufferPointer(start: bytes, count: byteCount)))
                    return 0
                })
        }
    }
#endif
