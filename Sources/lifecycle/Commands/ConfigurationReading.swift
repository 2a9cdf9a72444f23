import CommandLine
import Glibc
import PolicyLanguage

/// Which configuration file the program reads.
extension ConfigurationFile {
    static let usualPath = "lifecycle.yaml"

    /// What the program itself reads.
    static let reader: Reader = { named throws(CommandFailure) in
        let path = named ?? usualPath
        guard named != nil || access(path, F_OK) == 0 else { return .none }
        return try ConfigurationFile(path: path, text: PolicyCommands.read(path))
    }
}
