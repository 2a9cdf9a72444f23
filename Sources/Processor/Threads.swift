import Glibc
import Synchronization

/// Runs `body` for 0 ..< `count` on up to `threadCount` threads of our own, and gives the results in order.
///
/// Not on the cooperative pool: folds block on reading. A failure of one lets the others under way end, and is thrown.
package func onThreads<Result, Failure: Error>(
    count: Int, threadCount: Int, _ body: @escaping @Sendable (Int) throws(Failure) -> Result
) throws(Failure) -> [Result] {
    let work = SharedWork<Result, Failure>(count: count, body)
    let threads = (1..<max(min(threadCount, count), 1)).map { _ in OwnThread { work.run() } }
    work.run()
    for thread in threads { thread.join() }
    return try work.results()
}

/// The same, on threads beside the calling one, which calls `whileWaiting` several times a second until all is done.
package func onThreads<Result, Failure: Error>(
    count: Int, threadCount: Int, whileWaiting: () throws(Failure) -> Void,
    _ body: @escaping @Sendable (Int) throws(Failure) -> Result
) throws(Failure) -> [Result] {
    let work = SharedWork<Result, Failure>(count: count, body)
    let threads = (0..<max(min(threadCount, count), 1)).map { _ in OwnThread { work.run() } }
    var failure: Failure?
    while work.endedCount < threads.count {
        usleep(20_000)
        guard failure == nil else { continue }
        do throws(Failure) { try whileWaiting() } catch {
            failure = error
            work.stop(because: error)
        }
    }
    for thread in threads { thread.join() }
    return try work.results()
}

/// The number of cores this process may use.
package var coreCount: Int { max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1) }

/// Hands out numbers to threads and keeps what they gave. Results need not be sendable: each is made by one thread and
/// only read after it was joined, which is what makes the `@unchecked` safe.
private final class SharedWork<Result, Failure: Error>: @unchecked Sendable {
    private let body: @Sendable (Int) throws(Failure) -> Result
    private let next = Atomic<Int>(0)
    private let ended = Atomic<Int>(0)
    private let lock = Mutex(())
    private var found: [Result?]
    private var failure: Failure?

    init(count: Int, _ body: @escaping @Sendable (Int) throws(Failure) -> Result) {
        self.body = body
        found = Array(repeating: nil, count: count)
    }

    /// How many threads have come to the end of `run`.
    var endedCount: Int { ended.load(ordering: .acquiring) }

    func run() {
        defer { ended.wrappingAdd(1, ordering: .releasing) }
        while true {
            let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard number < found.count, lock.withLock({ _ in failure == nil }) else { return }
            do throws(Failure) {
                let result = try body(number)
                lock.withLock { _ in found[number] = result }
            } catch {
                lock.withLock { _ in failure = failure ?? error }
            }
        }
    }

    /// No other number is handed out.
    func stop(because error: Failure) { lock.withLock { _ in failure = failure ?? error } }

    func results() throws(Failure) -> [Result] {
        if let failure { throw failure }
        return found.compactMap { $0 }
    }
}

/// A POSIX thread that runs one closure.
package final class OwnThread {
    private var handle = pthread_t()

    package init(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Body(body))
        let status = pthread_create(
            &handle, nil,
            { argument in
                guard let argument else { return nil }
                // Taken over from `passRetained` above.
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        precondition(status == 0, "The system gives no thread (error \(status)).")
    }

    package func join() { pthread_join(handle, nil) }

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
