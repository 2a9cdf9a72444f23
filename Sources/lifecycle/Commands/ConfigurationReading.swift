import CommandLine
import Glibc
import PolicyLanguage

extension ConfigurationFile {
    static let usualPath = "lifecycle.yaml"

    /// Reads the file named, or else `lifecycle.yaml` if it exists.
    static let reader: Reader = { named throws(CommandFailure) in
        let path = named ?? usualPath
        guard named != nil || access(path, F_OK) == 0 else { return .none }
        return try ConfigurationFile(path: path, text: PolicyFile.bytes(of: path))
    }
}
