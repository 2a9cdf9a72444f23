import CommandLine
package import MappingLanguage
import PolicyLanguage
package import Processor
package import Storage

/// Why a file cannot be imported at all, worded for the person who chose it.
package enum ImportError: Error, Equatable, CustomStringConvertible {
    case cannotRead(file: String, reason: String)
    /// `byte` is counted from 0 in the file as it is stored.
    case damagedGzip(file: String, byte: Int, reason: String)
    case changed(file: String)
    /// What does not fit in memory cannot be kept in a file.
    case spill(StorageError)
    /// The file of `--refused`.
    case cannotWrite(StorageError)
    case notToBeReplaced(path: String, reason: String)
    /// The file is not text: what it is, and what to do about it.
    case notText(file: String, found: String, remedy: String)
    /// A JSON array, one JSON document on several lines, or many events under `batch`. `filter` is what jq makes events
    /// of it by.
    case oneDocument(file: String, filter: String)
    case noSuchEncoding(String)
    /// `byte` is counted from 0.
    case notInEncoding(file: String, encoding: String, byte: Int)
    case noHeader(file: String)
    case unreadableHeader(file: String, line: Int, reason: String)
    /// `hint` is what could be said, for the shell.
    case missingColumns([OrderColumn], file: String, header: [String], hint: String)
    /// A shop's export that does not say whose an order is.
    case lacksCustomer(file: String, export: String, about: String, reason: String)
    case noSuchExport(String)
    /// A column whose values can be read in two ways.
    case openForm(file: String, column: String, found: String, option: String)
    case badDateFormat(String)
    /// None of the rows is an event. `waiting` says of which orders nothing comes.
    case nothingInIt(file: String, waiting: String?, first: [String])
    /// Several columns have the same name. `places` are counted from 1.
    case ambiguousColumn(OrderColumn, name: String, file: String, places: [Int])
    /// `--columns` names a column that the header does not have.
    case noSuchColumn(OrderColumn, name: String, file: String, header: [String])
    case badColumnsOption(String, reason: String)
    /// What the log knows of the file could not be asked for.
    case log(ProcessorError)

    package var description: String {
        switch self {
        case .cannotRead(let file, let reason):
            "cannot read \(file): \(reason)"
        case .damagedGzip(let file, let byte, let reason):
            "\(file) is damaged at byte \(byte): \(reason)"
        case .changed(let file):
            "\(file) was changed while it was read; import it again when it is complete"
        case .spill(let error):
            "what does not fit in memory is kept in a file meanwhile: \(error.description)"
        case .cannotWrite(let error):
            "the refused lines cannot be written: \(error.description)"
        case .notToBeReplaced(let path, let reason):
            "--refused \(Printable(path)): \(reason)"
        case .notText(let file, let found, let remedy):
            "\(file) is \(found); \(remedy)"
        case .oneDocument(let file, let filter):
            Self.oneDocument(file, filter)
        case .noSuchEncoding(let name):
            "--encoding \(Printable(name)) is not known; `iconv -l` lists those that are, such as cp1252 or Shift_JIS"
        case .notInEncoding(let file, let encoding, let byte):
            "\(file) is not in \(Printable(encoding)): byte \(byte) stands for nothing there"
        case .noHeader(let file):
            "\(file) is empty; expected a header line such as order_id,customer_id,ordered_at,total,currency"
        case .unreadableHeader(let file, let line, let reason):
            "\(file), line \(line): the header line cannot be read: \(reason)"
        case .missingColumns(let missing, let file, let header, let hint):
            Self.missing(missing, file, header, hint)
        case .lacksCustomer(let file, let export, let about, let reason):
            "\(file) is \(export): \(about)\n\(reason)"
        case .noSuchExport(let name):
            "--format \(Printable(name)): no export is called so\(Suggestion(for: name, among: BuiltInExport.names)); "
                + "there are \(BuiltInExport.names.joined(separator: ", "))"
        case .openForm(let file, let column, let found, let option):
            "\(file), column \(Printable(column)): \(found). Say \(option)."
        case .badDateFormat(let text):
            "--date-format \(Printable(text)): expected a form of YYYY, MM or M, DD or D, HH or H, mm, ss and what "
                + "stands between them, such as DD.MM.YYYY HH:mm"
        case .nothingInIt(let file, let waiting, let first):
            "\(file): \(waiting ?? (first.isEmpty ? "there are no rows in it" : "none of its rows can be taken")), "
                + "so nothing was imported" + first.map { "\n  \($0)" }.joined()
        case .ambiguousColumn(let column, let name, let file, let places):
            "\(file) has \(places.count) columns called \(Printable(name)) "
                + "(number \(Self.list(places.map(String.init)))); "
                + "rename all but the one that is \(column.name)"
        case .noSuchColumn(let column, let name, let file, let header):
            "\(file) has no column \(Printable(name)), which --columns gives for \(column.name)"
                + "\(Suggestion(for: name, among: header.prefix(1_000)))\nIts columns are: \(Self.list(header))"
        case .badColumnsOption(let text, let reason):
            "--columns \(Printable(text)): \(reason); expected OURS=THEIRS, such as customer=user,order=id,at=created"
        case .log(let error): error.description
        }
    }

    /// The cause that lies in this machine, where it does.
    package var local: LocalFailure? {
        switch self {
        case .spill(let error), .cannotWrite(let error): error.local ?? .wrongPath
        case .cannotRead, .damagedGzip, .changed, .notToBeReplaced, .notText, .oneDocument,
            .noSuchEncoding, .notInEncoding, .noHeader,
            .unreadableHeader, .missingColumns, .lacksCustomer, .noSuchExport, .openForm, .badDateFormat, .nothingInIt,
            .ambiguousColumn,
            .noSuchColumn, .badColumnsOption, .log:
            nil
        }
    }

    /// Runs what needs room beside memory.
    static func spilling<Result: ~Copyable>(
        _ body: () throws(StorageError) -> Result
    ) throws(ImportError) -> Result {
        do throws(StorageError) { return try body() } catch { throw .spill(error) }
    }

    private static func oneDocument(_ file: String, _ filter: String) -> String {
        let what =
            switch filter {
            case ".": "JSON over several lines"
            case ".[]": "one JSON array"
            default: "one JSON document"
            }
        let shell = { (text: String) in "'\(text.replacing("'", with: "'\\''"))'" }
        return "\(file) is \(what); expected one event a line. This makes it so: "
            + "jq -c \(shell(filter)) \(shell(file)) > events.ndjson"
    }

    private static func missing(
        _ columns: [OrderColumn], _ file: String, _ header: [String], _ hint: String
    ) -> String {
        let noun = columns.count == 1 ? "column" : "columns"
        let isOne = header.count == 1
        return "\(file) has no \(noun) \(list(columns.map(\.name)))\n"
            + (isOne ? "Its header is one name, not set apart by comma, semicolon, tab or bar: " : "Its columns are: ")
            + "\(list(header))\n"
            + "Say which they are, for example: \(Printable(hint))"
    }

    private static let listedMax = 20

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(listedMax).map {
            Printable($0.isEmpty ? "(no name)" : String($0.prefix(60))).description
        }
        let rest = names.count - shown.count
        return shown.joined(separator: ", ") + (rest > 0 ? " and \(Grouped(rest)) more" : "")
    }
}
