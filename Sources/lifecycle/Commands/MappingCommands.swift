import CommandLine
import CustomerLifecycle
import Files
import MappingLanguage
import PolicyLanguage
import Processor
import Service
import Wire

/// `mapping check` and `mapping show`.
enum MappingCommands {
    private static let mapping = Parameter.argument(
        "MAPPING", Format<String>.mapping, help: "a file, or the name of a built-in mapping")
    private static let optionalMapping = Parameter.optionalArgument(
        "MAPPING", Format<String>.mapping, help: "a file, or the name of a built-in mapping; without it their names")
    private static let sample = Parameter.optional(
        "sample", Format<String>.file,
        help: "records as NDJSON, one value a line or as `kcat -J` prints them, or as CSV: shows what comes of ten")

    /// How many records of a sample are shown.
    private static let recordCountMax = 10

    static let check = Command(
        "mapping check", "check a mapping: errors, and what it makes of a sample's records",
        discussion: """
            What is shown of a record's events is what the log would hold. Ends with 1 if the file is no mapping, with \
            3 if a record of the sample would be rejected.
            """,
        sharing: ShopParameters.ofImports, parameters: mapping, sample, Printing.json
    ) { settings, terminal throws(CommandFailure) in
        let compiled = try MappingFile.compiled(settings[mapping])
        var records: [MappingReport.Record] = []
        if let known = compiled.mapping, let path = settings[sample] {
            var router = try CommandFailure.translating { () throws(ProcessorError) in
                try ShopParameters.routerSettings(settings) { () throws(ProcessorError) in standardCurrency }
            }
            // Which input it is for, and whether only the shop writes that, is said there.
            router.isOfOperator = true
            records = try CommandFailure.reading { () throws(ImportError) in
                let space = ImportSpace(directory: Settings.temporaryDirectory)
                return try RecordSample(known, router).records(
                    of: FileText(path: path, space: space), countMax: recordCountMax)
            }
        }
        let report = MappingReport(
            file: compiled.fileName,
            errors: compiled.errors.map {
                PolicyReport.Message(line: $0.line, column: $0.column, message: $0.message)
            },
            name: compiled.mapping?.name, records: records)
        terminal.answer(report, asJSON: settings[Printing.json]) { print(report, compiled, to: terminal) }
        guard report.isOK else { return .answerIsNo }
        return records.contains { $0.rejection != nil } ? .someInputRefused : .done
    }

    static let show = Command(
        "mapping show", "print a mapping, or the names of those that are built in", parameters: optionalMapping
    ) { settings, terminal throws(CommandFailure) in
        guard let name = settings[optionalMapping] else {
            var table = Table([.words("mapping"), .words("what it is for", columnCountMax: 100)])
            for mapping in BuiltInMapping.allCases { table.add([mapping.rawValue, mapping.compiled.about]) }
            for export in BuiltInExport.allCases { table.add([export.rawValue, export.compiled.about]) }
            for line in table.lines(style: terminal.style) { terminal.write(line) }
            return .done
        }
        terminal.output.write(String(decoding: try MappingFile.compiled(name).text, as: UTF8.self))
        return .done
    }

    /// The currency of amounts without one, where no log says which policy is in force.
    private static var standardCurrency: Currency {
        guard let currency = CompiledPolicy.standard.policy?.currency else {
            preconditionFailure("The built-in policy is one.")
        }
        return currency
    }

    private static func print(_ report: MappingReport, _ compiled: CompiledMapping, to terminal: Terminal) {
        for problem in compiled.problems {
            terminal.write(Printable(problem.rendered(fileName: compiled.fileName)))
        }
        if let export = compiled.export {
            terminal.write(
                "\(Printable(compiled.fileName)): ok: an export of orders, \(Counted(export.columns.count, "column"))")
        }
        guard let mapping = compiled.mapping else { return }
        terminal.write("\(Printable(compiled.fileName)): ok: \(Counted(mapping.eventCount, "event"))")
        for record in report.records {
            if let nothing = record.nothing { terminal.write("line \(record.line): nothing: \(words(nothing))") }
            if let rejection = record.rejection {
                terminal.write("line \(record.line): rejected: \(Printable(rejection.description))")
            }
            for event in record.events {
                let said = EventFields(event.body)
                let history = event.isHistory ? ", as history" : ""
                terminal.write(
                    "line \(record.line): \(Printable(said.name)) of \(Printable(event.subject)) at \(event.time)"
                        + "\(history)")
                for field in said.fields { terminal.write("  \(Printable("\(field.name): \(field.value)"))") }
            }
        }
    }

    private static func words(_ nothing: PassedOver) -> String {
        switch nothing {
        case .tombstone: "a tombstone"
        case .noEvent: "none of the mapping's events"
        }
    }
}

/// A mapping that a setting names: a file, or a built-in one.
enum MappingFile {
    static func compiled(_ name: String) throws(CommandFailure) -> CompiledMapping {
        if let known = BuiltInMapping(rawValue: name) { return known.compiled }
        if let known = BuiltInExport(rawValue: name) { return known.compiled }
        do throws(CommandFailure) {
            return CompiledMapping(try PolicyFile.bytes(of: name), fileName: name)
        } catch {
            let known = BuiltInMapping.allCases.map(\.rawValue) + BuiltInExport.names
            throw CommandFailure(
                .usage,
                "\(error)\nNo built-in mapping is called \(Printable(name)) either"
                    + "\(Suggestion(for: name, among: known)); there are \(known.joined(separator: ", ")).")
        }
    }

    /// Returns a document without errors, of a mapping or of an export. Throws what is wrong with it.
    static func sound(_ name: String) throws(CommandFailure) -> CompiledMapping {
        let compiled = try compiled(name)
        guard compiled.errors.isEmpty else {
            let errors = compiled.errors.map { Printable($0.rendered(fileName: name)).description }
            throw CommandFailure(.usage, errors.joined(separator: "\n"))
        }
        return compiled
    }

    /// Returns a mapping that can be followed. Throws what is wrong with it.
    static func mapping(_ name: String) throws(CommandFailure) -> RecordMapping {
        guard let mapping = try sound(name).mapping else {
            throw CommandFailure(
                .usage, "\(Printable(name)) says how a shop's CSV of orders is read; a topic's records need a mapping")
        }
        return mapping
    }
}

extension Format<String> {
    static let mapping = Self(
        "FILE|NAME", expected: "the path of a mapping's file, or the name of a built-in one", offer: .files
    ) { $0.isEmpty ? nil : $0 }
}

extension Format<String> {
    static let export = Self("NAME", expected: "the name of an export, such as shopify-orders, or auto") { name in
        name.isEmpty ? nil : name
    }
}

/// A shop's word for an order's status, and what it means.
struct NamedStatus: Equatable, Sendable {
    let word: String
    let meaning: OrderStatus
}

extension Format<NamedStatus> {
    static let pair = Self(
        "WORD=MEANING", expected: "a word and kept, cancelled, pending, ignored, refunded or partly_refunded"
    ) { text in
        guard let sign = text.lastIndex(of: "="), sign != text.startIndex,
            let meaning = OrderStatus(rawValue: String(text[text.index(after: sign)...]))
        else { return nil }
        return NamedStatus(word: String(text[..<sign]), meaning: meaning)
    }
}
