import Brokers
import Processor

/// Answers a worker's mailbox on the worker's own thread: one question at a time, a step of it between two turns, so
/// that no turn is held up for long.
final class Answering<B: Broker> {
    private let mailbox: Mailbox
    private var open: (letter: any Letter, reply: any Reply, folds: [LogFold])?

    init(_ mailbox: Mailbox) { self.mailbox = mailbox }

    /// Whether an answer is being gathered: then the folds cannot be copied for anything else.
    var isUnderWay: Bool { open != nil }

    var isWanted: Bool { open == nil && !mailbox.isEmpty }

    /// Begins to answer the next question.
    func begin(in log: LiveLog<B>, of folds: [LogFold]) {
        guard open == nil, let letter = mailbox.take() else { return }
        do throws(ProcessorError) {
            open = (letter, try letter.begin(in: log), folds)
        } catch {
            letter.refuse(error)
        }
    }

    /// Goes on with the answer under way; `folds` are those held now. Returns whether there was one.
    func step(_ folds: [LogFold]) -> Bool {
        guard let (letter, reply, begun) = open else { return false }
        guard begun.elementsEqual(folds, by: ===) else {
            // Partitions came or went: what was gathered is of folds that nobody holds together any more.
            open = nil
            mailbox.putBack(letter)
            return true
        }
        do throws(ProcessorError) {
            if try reply.step() { open = nil }
        } catch {
            open = nil
            letter.refuse(error)
        }
        return true
    }

    /// The worker ends. The answer under way is given up like those that wait.
    func end() {
        guard let (letter, _, _) = open else { return }
        open = nil
        mailbox.putBack(letter)
    }
}
