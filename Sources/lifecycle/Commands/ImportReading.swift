import CommandLine
import CustomerLifecycle
import Files
import MappingLanguage
import PolicyLanguage
import Processor
import Service
import Storage
import Wire

/// A file that was read, and is not appended yet.
enum ReadFile {
    case orders(OrdersSource)
    case events(NDJSONSource)
    case mapped(MappedSource)

    var file: ImportFile {
        switch self {
        case .orders(let source): source.file
        case .events(let source): source.file
        case .mapped(let source): source.file
        }
    }

    /// What a file of orders was taken for, and what comes of it. `policy` is the currency in which the policy counts,
    /// `standard` that of amounts without one.
    func orders(countingIn policy: Currency, _ standard: Currency) -> OrdersReport? {
        guard case .orders(let source) = self else { return nil }
        return source.summary.report(refused: source.refused, policy: policy, standard: standard)
    }
}

/// Reads a file to be imported, which no log is needed for.
final class ImportReading {
    /// By which clock a file with that content is judged.
    typealias Clock = (_ content: String) throws(ProcessorError) -> Instant

    private let request: OrdersRequest
    private let mapping: CompiledMapping?
    private let encoding: String?
    private let router: RouterSettings
    private let spillDirectory: String
    private let refused: String?
    private let clock: Clock
    private let terminal: Terminal
    /// Where refused lines are written to, once the file was opened.
    private(set) var refusals: RefusedFile?

    init(
        request: OrdersRequest, mapping: CompiledMapping?, encoding: String?, router: RouterSettings,
        spillDirectory: String,
        refused: String?, clock: @escaping Clock, terminal: Terminal
    ) {
        self.request = request
        self.mapping = mapping
        self.encoding = encoding
        self.router = router
        self.spillDirectory = spillDirectory
        self.refused = refused
        self.clock = clock
        self.terminal = terminal
    }

    func read(_ path: String) throws(CommandFailure) -> ReadFile {
        let work = LongWork("reading", unit: "bytes", total: nil, terminal: terminal)
        defer { work.end() }
        return try CommandFailure.reading { () throws(ImportError) in
            let space = ImportSpace(directory: spillDirectory)
            let text = try FileText(path: path, space: space, encoding: encoding) { done, _ in work.advance(to: done) }
            refusals = try refused.map { path throws(ImportError) in try RefusedFile(path: path, beside: text) }
            return try read(text, work)
        }
    }

    private func read(_ text: FileText, _ work: LongWork) throws(ImportError) -> ReadFile {
        if let mapping, let known = mapping.mapping {
            return .mapped(
                try MappedSource(
                    text, known, identity: PolicyHash(of: mapping.text).hex, router, refusals: refusals
                ) { done, _ in work.advance(to: done) })
        }
        let kind = try ImportKind(text)
        guard kind == .csv || request.export != nil else {
            return .events(try NDJSONSource(text, zone: router.zone) { done, _ in work.advance(to: done) })
        }
        return .orders(
            try OrdersSource(
                text, request, OrderExports(own: mapping?.export), router, refusals: refusals,
                clock: { content throws(ImportError) in
                    do throws(ProcessorError) { return try clock(content) } catch { throw .log(error) }
                }
            ) { done, _ in work.advance(to: done) })
    }

    // MARK: Before there is a log

    /// Throws where no row of the file can be taken.
    func requireSomething(in read: ReadFile) throws(CommandFailure) {
        switch read {
        case .orders(var source):
            try requireSomething(in: &source, refused: source.refused, waiting: source.summary.waitingInWords)
        case .events(var source): try requireSomething(in: &source, refused: RefusedLines())
        case .mapped(var source): try requireSomething(in: &source, refused: source.refused)
        }
    }

    /// `waiting` says of which orders nothing comes.
    private func requireSomething(
        in source: inout some ImportSource, refused: RefusedLines, waiting: String? = nil
    ) throws(CommandFailure) {
        let judge = RowJudge(router, clock: source.file.orders?.clock ?? now)
        var refusals = refused.first.map(\.description)
        for index in 0..<source.file.rowCount {
            let (isWithdrawal, refusal) = try CommandFailure.translating { () throws(ProcessorError) in
                try source.withRow(index) { ($0.isWithdrawal, judge.refusal(of: $0)) }
            }
            if isWithdrawal { continue }
            guard let refusal else { return }
            if refusals.count < Self.shownMax { refusals.append("line \(refusal.line): \(refusal.rejection.sentence)") }
        }
        // Nothing of it will be appended, which is when the others are written.
        try refuseAll(of: &source, judge)
        let name = source.file.name
        try CommandFailure.reading { () throws(ImportError) in
            throw .nothingInIt(file: name, waiting: waiting, first: Array(refusals.prefix(Self.shownMax)))
        }
    }

    private func refuseAll(of source: inout some ImportSource, _ judge: RowJudge) throws(CommandFailure) {
        guard let refusals else { return }
        try CommandFailure.translating { () throws(ProcessorError) in
            for index in 0..<source.file.rowCount {
                let refused: Result<Void, ProcessorError> = try source.withRow(index) { row in
                    guard !row.isWithdrawal, let refusal = judge.refusal(of: row) else { return .success(()) }
                    return Result { () throws(ProcessorError) in
                        try refusals.append(ImportReport.RejectedLine(refusal), row: row.original)
                    }
                }
                try refused.get()
            }
        }
        try CommandFailure.reading { () throws(ImportError) in try refusals.write() }
    }

    private var now: Instant { Instant(milliseconds: SystemClock().nowMilliseconds()) }

    /// The currency that most orders are in, those that name none being in the shop's own; nil where nothing tells.
    func usualCurrency(of read: ReadFile) throws(CommandFailure) -> Currency? {
        switch read {
        case .orders(let source): source.summary.usualCurrency(standard: router.currency)
        case .events(var source): try usualCurrency(of: &source)
        case .mapped(var source): try usualCurrency(of: &source)
        }
    }

    /// A pass over all rows: any of them may be an order.
    private func usualCurrency(of source: inout some ImportSource) throws(CommandFailure) -> Currency? {
        let judge = RowJudge(router, clock: now)
        for index in 0..<source.file.rowCount {
            try CommandFailure.translating { () throws(ProcessorError) in
                try source.withRow(index) { _ = judge.refusal(of: $0) }
            }
        }
        return judge.orderCurrencies.mostFrequent
    }

    private static let shownMax = 5

    /// What a log makes of a file that is only looked at.
    struct TrialLog {
        let plan: ImportPlan
        let isPassedOver: Bool
        /// Nil of a file that is passed over, or of events.
        let census: OrderCensus?
    }

    /// Judges every row as an import would, and appends none. `log` is nil where there is none yet.
    func trial(of read: ReadFile, _ router: RouterSettings, in log: TrialLog?) throws(CommandFailure) -> ImportReport {
        switch read {
        case .orders(var source):
            var report = try trial(of: &source, router, log)
            report.reject(source.refused)
            return report
        case .events(var source): return try trial(of: &source, router, log)
        case .mapped(var source):
            var report = try trial(of: &source, router, log)
            report.reject(source.refused)
            report.passedOver = source.passedOverCount
            return report
        }
    }

    private func trial(
        of source: inout some ImportSource, _ router: RouterSettings, _ log: TrialLog?
    ) throws(CommandFailure) -> ImportReport {
        let file = source.file
        let judge = RowJudge(router, clock: file.orders?.clock ?? now)
        var result = ImportResult(rowCount: file.rowCount)
        var isWithdrawal = false
        if let log {
            result.take(log.plan, isPassedOver: log.isPassedOver)
            let statement = log.plan.statement(of: file)
            judge.onEvent = { subject, event in
                event.statement = statement
                log.census?.take(&event, of: subject, isWithdrawal: isWithdrawal)
            }
        }
        let keepsWithdrawals = result.number > 1
        try CommandFailure.translating { () throws(ProcessorError) in
            for index in 0..<file.rowCount {
                let refused: Result<Void, ProcessorError> = try source.withRow(index) { row in
                    isWithdrawal = row.isWithdrawal
                    guard !isWithdrawal || keepsWithdrawals else {
                        result.rowCount -= 1
                        return .success(())
                    }
                    guard let refusal = judge.refusal(of: row) else { return .success(()) }
                    result.refuse(refusal)
                    return Result { () throws(ProcessorError) in
                        try refusals?.append(ImportReport.RejectedLine(refusal), row: row.original)
                    }
                }
                try refused.get()
            }
        }
        try CommandFailure.reading { () throws(ImportError) in try refusals?.write() }
        if let census = log?.census { result.take(census) }
        result.unreadable = judge.unreadable
        result.unknownEvents = judge.unknownEvents
        return ImportReport(file, result)
    }
}

/// The policy that a log is begun with, and the currency in which it counts.
struct FirstPolicy {
    private let compiled: CompiledPolicy
    private let preset: Preset?
    private let isNamed: Bool
    let currency: Currency

    /// `name`: of a file or a preset; nil is the built-in policy.
    init(_ name: String?) throws(CommandFailure) {
        let file = try PolicyFile(name)
        compiled = try file.compiled()
        guard let policy = compiled.policy else {
            throw CommandFailure(
                .usage,
                "\(compiled.fileName) is no policy that a log can begin with:\n\(PolicyFile.errors(of: compiled))")
        }
        preset = file.preset
        isNamed = name != nil
        currency = policy.currency
    }

    /// Returns the policy to begin with, and what the user should know of it: a preset counts in the currency
    /// that most orders are in. Throws where a policy of the user's counts in another one than a file of orders; events
    /// are no file of one's choosing, and the policy may be meant for those that are still to come.
    func inUse(
        for read: ReadFile, _ reading: ImportReading
    ) throws(CommandFailure) -> (policy: CompiledPolicy, notes: [String]) {
        // A policy that names no currency counts no money, whatever the orders are in.
        guard currency != .none, let usual = try reading.usualCurrency(of: read), usual != currency else {
            return (compiled, [])
        }
        if let preset {
            let policy = isNamed ? preset.fileName : "the built-in policy"
            let note = "the log is begun under \(policy), which counts in \(usual.letters), as most orders are"
            return (preset.compiled(in: usual), [note, preset.remark(in: usual)].compactMap(\.self))
        }
        let line = compiled.line(of: "currency").map { ", line \($0)" } ?? ""
        let difference =
            "\(compiled.fileName)\(line): the policy counts money in \(currency.letters), but most orders of the file "
            + "are in \(usual.letters)"
        guard case .orders = read else { return (compiled, ["\(difference), and bring no revenue"]) }
        throw CommandFailure(
            .usage,
            "\(difference). Write \"currency: \(usual.letters)\" there, or import a file in \(currency.letters) first.")
    }
}
