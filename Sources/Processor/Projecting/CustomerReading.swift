import CustomerLifecycle
import Wire

/// Reads customers out of a fold, one after the other, to be written down: their facts, what was said, and what follows
/// if nothing happens.
final class CustomerReading {
    let judge: Judge
    private(set) var said = Said()
    private(set) var forecast: ChangeDescription.Forecast?
    /// When it was judged.
    private(set) var instant: Instant = .distantPast

    init(under policy: Policy) { judge = Judge(under: policy) }

    /// As judged at an instant, or at their own time where that is later.
    func read(_ lent: LentSubject, at asked: Instant) {
        lent.read(into: judge, &said)
        judge.read()
        instant = max(asked, said.subjectTime)
        forecast = judge.forecast(judge.evaluate(at: instant), at: instant)
    }

    func encode(_ subject: UnsafeRawBufferPointer, by encoder: OutputEncoder) {
        encoder.encode(judge, said, forecast, of: subject, at: instant)
    }
}
