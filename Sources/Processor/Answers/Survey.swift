package import Brokers
package import CustomerLifecycle
package import Storage

/// A question that is answered from one look at each subject, in any order.
package protocol Survey: Question {
    associatedtype Part: SurveyPart

    /// The instant asked about; nil for the newest that the log knows.
    var asOf: Instant? { get }
    /// Whether it is about the log as it is now, and nothing else.
    var isOfNow: Bool { get }

    /// Throws what makes the question meaningless under the policy in force.
    func check(_ moment: LogMoment) throws(ProcessorError)
    /// Begins a partition: reads whatever it needs to know of the fold beside its subjects.
    func part(of fold: LogFold, at moment: LogMoment) -> Part
    /// Puts together what was seen in all partitions. Meanwhile the folds may have gone on.
    func report(_ parts: [Part], at moment: LogMoment) -> Answer
}

/// What a survey has seen of one partition. One thread at a time adds to it.
package protocol SurveyPart: AnyObject {
    /// Subjects looked at in one step between turns: a few milliseconds' work.
    static var stepSubjectCount: Int { get }

    func take(_ subject: LentSubject)
}

extension Survey {
    package var isOfNow: Bool { asOf == nil }

    package func check(_ moment: LogMoment) throws(ProcessorError) {}

    package func answer(from view: LogView<some Broker, some Disk>, onWork: OnWork) throws(ProcessorError) -> Answer {
        try answer(from: view.folded(asOf: asOf, onWork: onWork))
    }

    package func answer(from log: FoldedLog) throws(ProcessorError) -> Answer {
        try check(log.moment)
        return log.answer(self)
    }

    package func begin(in log: LiveLog<some Broker>) throws(ProcessorError) -> any AnswerUnderWay<Answer> {
        guard isOfNow else { throw .asksForItsOwnFold }
        return try SurveyUnderWay(self, of: log.folds)
    }
}

extension FoldedLog {
    /// Looks at every subject, each partition on a thread of its own.
    func answer<S: Survey>(_ survey: S, threadCount: Int = coreCount) -> S.Answer {
        let folds = UncheckedFolds(folds: folds)
        let moment = moment
        let parts = onThreads(count: self.folds.count, threadCount: threadCount) { index in
            let fold = folds.folds[index]
            let part = survey.part(of: fold, at: moment)
            fold.withState { state in state.lendEachSubject { part.take($0) } }
            return part
        }
        return survey.report(parts, at: moment)
    }
}

/// Lends each fold to one thread; nothing writes to them meanwhile, which is what makes the `@unchecked` safe.
struct UncheckedFolds: @unchecked Sendable {
    let folds: [LogFold]
}

/// A survey of folds that go on meanwhile: of their subjects as they stood where it was begun. It copies as a
/// checkpoint does, so a fold has one of the two at a time.
final class SurveyUnderWay<S: Survey>: AnswerUnderWay {
    private let survey: S
    private let moment: LogMoment
    private let folds: [LogFold]
    private let parts: [S.Part]
    /// The place of the fold under way; those before it are done.
    private var place = 0

    init(_ survey: S, of folds: [LogFold]) throws(ProcessorError) {
        let moment = try FoldedLog(folds: folds, asOf: nil).moment
        try survey.check(moment)
        self.survey = survey
        self.moment = moment
        self.folds = folds
        parts = folds.map { survey.part(of: $0, at: moment) }
        // All at one moment: between them no turn is folded.
        for fold in folds { fold.withCopy { $0.beginCopy() } }
    }

    deinit {
        for fold in folds[place...] { fold.withCopy { $0.endCopy() } }
    }

    func step() throws(ProcessorError) -> S.Answer? { step(subjectCount: S.Part.stepSubjectCount) }

    /// Looks at about so many subjects more.
    func step(subjectCount: Int) -> S.Answer? {
        var left = subjectCount
        while place < folds.count, left > 0 {
            let isDone = folds[place].withCopy { state in
                state.copyOn { subject in
                    parts[place].take(subject)
                    left -= 1
                }
            }
            // A range without subjects is work too.
            left -= 1
            guard isDone else { continue }
            folds[place].withCopy { $0.endCopy() }
            place += 1
        }
        return place == folds.count ? survey.report(parts, at: moment) : nil
    }
}
