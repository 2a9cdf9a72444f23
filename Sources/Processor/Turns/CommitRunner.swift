import Glibc
import Synchronization

/// Runs commits, one after the other: at once, or while the caller goes on.
package protocol CommitRunner: AnyObject {
    /// Runs the work; the one before must have been waited for.
    func start(_ work: @escaping () -> Void)
    /// Whether what was started is done.
    var isDone: Bool { get }
    /// Returns once what was started is done.
    func wait()
}

/// The caller waits for every commit.
package final class CommitAtOnce: CommitRunner {
    package init() {}
    package var isDone: Bool { true }
    package func start(_ work: @escaping () -> Void) { work() }
    package func wait() {}
}

/// A thread that commits one turn while the next one is folded.
package final class CommitThread: CommitRunner {
    private let shared: Shared
    private let thread: OwnThread
    private var isWaitedFor = true

    /// What the work touches is handed over with it, and taken back by `wait`: the semaphores order all that both
    /// threads do, which is what makes the `@unchecked` safe.
    private final class Shared: @unchecked Sendable {
        let started = Semaphore()
        let ended = Semaphore()
        let isDone = Atomic<Bool>(true)
        /// What to run next; nil ends the thread.
        var work: (() -> Void)?

        func run() {
            while true {
                started.wait()
                guard let work = work.take() else { return }
                work()
                isDone.store(true, ordering: .releasing)
                ended.post()
            }
        }
    }

    package init() {
        let shared = Shared()
        self.shared = shared
        thread = OwnThread { shared.run() }
    }

    deinit {
        wait()
        shared.started.post()
        thread.join()
    }

    package var isDone: Bool { shared.isDone.load(ordering: .acquiring) }

    package func start(_ work: @escaping () -> Void) {
        precondition(isWaitedFor, "One commit at a time.")
        isWaitedFor = false
        shared.isDone.store(false, ordering: .relaxed)
        shared.work = work
        shared.started.post()
    }

    package func wait() {
        guard !isWaitedFor else { return }
        shared.ended.wait()
        isWaitedFor = true
    }
}

/// POSIX's counting semaphore, which begins at 0. It is made for several threads, and `raw` never changes: that is what
/// makes the `@unchecked` safe.
package final class Semaphore: @unchecked Sendable {
    private let raw = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    package init() {
        let status = sem_init(raw, 0, 0)
        precondition(status == 0, "The system gives no semaphore (error \(errno)).")
    }

    deinit {
        sem_destroy(raw)
        raw.deallocate()
    }

    package func post() { sem_post(raw) }

    package func wait() { while sem_wait(raw) != 0 {} }
}
