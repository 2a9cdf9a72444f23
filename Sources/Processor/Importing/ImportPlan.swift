package import Brokers
package import CustomerLifecycle
package import Wire

/// Where an import of a file begins, and what judges its rows.
package struct ImportPlan {
    var beginning: ImportProgress.Beginning
    /// Rows that are in the log.
    var done = 0
    /// Nothing is left to be done.
    var isFinished = false
    /// Some rows of this import are, or were, in the log.
    package fileprivate(set) var isResumed = false
    /// How many files of orders were imported since.
    package fileprivate(set) var laterCount: UInt32 = 0
    /// What was said otherwise when the file was imported before, so that it counts anew.
    package fileprivate(set) var changedSettings: [String] = []

    /// The import's number in the log; 0 of a file of events.
    package var number: UInt32 { beginning.number }

    /// Whether nothing of the file is new. `leavesOpen`: the history is not to be closed either; else an import that
    /// was not finished may have been killed behind its last row.
    package func passesOver(_ file: ImportFile, leavesOpen: Bool) -> Bool {
        done == file.rowCount && done > 0 && (isFinished || laterCount > 0 || leavesOpen)
    }

    /// What each of its rows is a part of.
    package func statement(of file: ImportFile) -> Statement {
        // A date from the future would stand for what is still to come.
        file.orders.map { orders in
            Statement(number: number, newest: min(orders.newest, beginning.clock), covers: orders.covers)
        } ?? .none
    }
}

/// What a log knows of the files that were imported into it, or stand half imported.
package struct ImportedFiles<B: Broker> {
    private let broker: B
    private let names: Names

    package init(_ broker: B, _ names: Names) {
        self.broker = broker
        self.names = names
    }

    /// The clock that judges the dates of a file of orders with that content: of its first run, so that all runs judge
    /// alike, or now where the file is imported anew.
    package func clock(of content: String, again: Bool) throws(ProcessorError) -> Instant {
        if let progress = try progress(of: names.importGroup(file: content)), let beginning = progress.beginning,
            !(again && progress.done == progress.total)
        {
            return beginning.clock
        }
        return try now()
    }

    /// Goes on with what is half done, under the clock and the settings of the first run that did any; throws where the
    /// settings are others now. What was done is passed over, unless it is a file of orders and counts anew.
    package func plan(
        for file: ImportFile, _ settings: RouterSettings, again: Bool
    ) throws(ProcessorError) -> ImportPlan {
        let highest = try underway()?.highest ?? 0
        var plan = try plan(for: file, ImportSettings(settings, of: file), again, highest)
        if plan.number > 0 { plan.laterCount = max(highest, plan.number) - plan.number }
        return plan
    }

    private func plan(
        for file: ImportFile, _ settings: ImportSettings, _ again: Bool, _ highest: UInt32
    ) throws(ProcessorError) -> ImportPlan {
        let clock = if let clock = file.orders?.clock { clock } else { try now() }
        let next = ImportPlan(
            beginning: .init(clock: clock, settings: settings, number: file.orders == nil ? 0 : highest + 1))
        guard let progress = try progress(of: file) else { return next }
        let isDone = progress.done == progress.total
        var resumed = next
        if let earlier = progress.beginning { resumed.beginning = earlier } else { resumed.beginning.number = 0 }
        resumed.done = try done(of: file, progress)
        resumed.isFinished = progress.isFinished
        resumed.isResumed = true
        guard let earlier = progress.beginning else { return isDone && again ? next : resumed }
        guard isDone, file.orders != nil else {
            if isDone, again {
                throw ProcessorError(
                    .usage, "--again: the events of \(file.name) are in the log, and are the same a second time.")
            }
            try refuse(settings.differences(from: earlier.settings), in: file, isDone: isDone)
            return resumed
        }
        try refuse(settings.differencesOfIDs(from: earlier.settings), in: file, isDone: true)
        let changed = settings.differencesInWords(from: earlier.settings)
        guard again || !changed.isEmpty else { return resumed }
        var anew = next
        anew.changedSettings = changed.map(\.description)
        return anew
    }

    private func refuse(
        _ differences: [ImportSettings.Difference], in file: ImportFile, isDone: Bool
    ) throws(ProcessorError) {
        guard !differences.isEmpty else { return }
        throw ProcessorError(
            .usage,
            "\(file.name) \(isDone ? "was" : "stands half") imported under other settings: "
                + differences.map(\.description).joined(separator: "; ")
                + ". Say the same as then, or import it into a new log.")
    }

    /// How many of the file's rows are done.
    private func done(of file: ImportFile, _ progress: ImportProgress) throws(ProcessorError) -> Int {
        guard file.orders == nil else {
            // An earlier version may have taken rows of a file of orders that this one refuses, so that others have
            // their places. To append an order once more under its import's number changes nothing.
            if progress.done == progress.total { return file.rowCount }
            return progress.total == file.rowCount ? progress.done : 0
        }
        guard progress.done <= file.rowCount else {
            throw ProcessorError(
                .usage, "\(progress.done) rows of \(file.name) are in the log, but the file has \(file.rowCount).")
        }
        return progress.done
    }

    func now() throws(ProcessorError) -> Instant {
        Instant(
            milliseconds: try ProcessorError.translating { () throws(BrokerError) in try broker.now() })
    }

    /// What is half imported, and the highest number that an import has.
    func underway() throws(ProcessorError) -> (state: ImportUnderway, highest: UInt32)? {
        guard let offset = try committed(names.imports), let state = ImportUnderway(offset.metadata) else { return nil }
        return (state, UInt32(clamping: offset.next.value))
    }

    /// Returns how far the file's import is; nil where none of its rows is done.
    func progress(of file: ImportFile) throws(ProcessorError) -> ImportProgress? {
        if let progress = try progress(of: names.importGroup(file: file.content)) { return progress }
        // Where an earlier version kept it, which knew no other name of a file.
        return try progress(of: names.importGroup(file: file.hash))
    }

    private func progress(of group: Group) throws(ProcessorError) -> ImportProgress? {
        guard let offset = try committed(group) else { return nil }
        guard let progress = ImportProgress(offset.metadata) else {
            throw ProcessorError(
                .otherFoldVersion,
                "How far the file's import is, `\(offset.metadata)`, was written by another version of lifecycle: "
                    + "import it with that one.")
        }
        return progress
    }

    private func committed(_ group: Group) throws(ProcessorError) -> CommittedOffset? {
        try ProcessorError.translating { () throws(BrokerError) in try broker.committed(by: group, on: names.log(0)) }
    }
}
