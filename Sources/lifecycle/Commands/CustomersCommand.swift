import Brokers
import CommandLine
import Files
import Processor
import Service
import Wire

/// `customers`: lists customers, filtered by stage, sorted and limited. Each is written as soon as it is their turn.
enum CustomersCommand: LogCommand {
    private static let csv = Parameter.flag(
        "csv", help: "print CSV, for spreadsheets: everybody, unless --limit is said")

    /// What is written at once.
    private static let writtenByteCountMin = 1 << 16

    static let command = Command(
        "customers", "list customers: their stage, since when, and what comes next",
        discussion: """
            Lists 20 customers unless --limit says how many; the last line, and `count` and `shown` in the JSON, say \
            how many there are. An id that does not fit the terminal is cut and ends with …; in a file or a pipe it is \
            whole. The columns of --csv are \(CustomerCSV.columns.joined(separator: ", ")); with --moved or --since \
            also \(CustomerCSV.moveColumns.joined(separator: ", ")).
            """,
        sharing: LogLocation.declarations + CustomersQuestion.parameters, parameters: csv, Printing.json
    ) { settings, terminal throws(CommandFailure) in
        guard !settings[csv] || !settings[Printing.json] else {
            throw CommandFailure(.usage, "--csv and --json exclude each other")
        }
        return try run(settings, terminal)
    }

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        var question = CustomersQuestion(settings)
        // A list that is cut must say so, and CSV has no place for it.
        if settings[csv], settings.origin(of: CustomersQuestion.limit) == nil {
            question.limit = CustomersQuestion.everybody
        }
        let listing = try place.answer(terminal) { view, onWork throws(ProcessorError) in
            try question.listing(from: view, onWork: onWork)
        }
        if settings[csv] {
            writeCSV(listing, CustomerCSV(showsMoves: question.moves != nil), to: terminal)
        } else if settings[Printing.json] {
            writeJSON(listing, to: terminal)
        } else {
            writeTable(listing, CustomerTable(showsMoves: question.moves != nil), to: terminal)
        }
        return .done
    }

    private static func writeTable(_ listing: CustomerListing, _ empty: CustomerTable, to terminal: Terminal) {
        var table = empty
        listing.lendEach { row in
            table.measure(row)
            return true
        }
        if terminal.isOutputInteractive { table.fit(columnCount: terminal.columnCount) }
        for line in table.headLines(style: terminal.style) { terminal.write(line) }
        listing.lendEach { row in
            terminal.write(table.line(row, style: terminal.style))
            return !terminal.output.isClosed
        }
        for line in table.notes(shownCount: listing.shownCount, count: listing.count) { terminal.write(line) }
    }

    private static func writeJSON(_ listing: CustomerListing, to terminal: Terminal) {
        var json = JSONWriter()
        json.beginObject()
        CustomersReport.write(
            asOf: listing.asOf, shownCount: listing.shownCount, count: listing.count, to: &json
        ) { json in
            listing.lendEach { row in
                row.write(to: &json)
                if json.bytes.count >= writtenByteCountMin { terminal.output.write(json.takeText()) }
                return !terminal.output.isClosed
            }
        }
        json.endObject()
        terminal.write(json.text)
    }

    private static func writeCSV(_ listing: CustomerListing, _ empty: CustomerCSV, to terminal: Terminal) {
        var csv = empty
        terminal.output.write(csv.header)
        listing.lendEach { row in
            terminal.output.write(csv.line(row))
            return !terminal.output.isClosed
        }
        if listing.shownCount < listing.count {
            // Where both go to one terminal, the list is first.
            terminal.output.flush()
            terminal.errors.write(
                "\(Grouped(listing.shownCount)) of \(Counted(listing.count, "customer")); without --limit all of them\n"
            )
        }
    }
}
