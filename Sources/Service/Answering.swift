import Brokers
import Processor

/// Answers a worker's mailbox on the worker's own thread: one question at a time, one step of it between two turns, so
/// that no turn is delayed for long.
final class Answering<B: Broker> {
    private let mailbox: Mailbox
    private var open: (letter: any Letter, reply: any Reply, folds: [LogFold])?

    init(_ mailbox: Mailbox) { self.mailbox = mailbox }

    /// Whether an answer is under way. The folds cannot be copied for anything else meanwhile.
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

    /// Takes a step of the answer under way; `folds` are those held now. Returns whether an answer was under way.
    func step(_ folds: [LogFold]) -> Bool {
        guard let (letter, reply, begun) = open else { return false }
        guard begun.elementsEqual(folds, by: ===) else {
            // Partitions came or went, so what was gathered no longer fits the folds held. The question begins again.
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

    /// Called when the worker ends. The question under way goes back to the mailbox, which refuses it with the others.
    func end() {
        guard let (letter, _, _) = open else { return }
        open = nil
        mailbox.putBack(letter)
    }
}
