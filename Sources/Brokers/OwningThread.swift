import Glibc

/// Traps, in debug builds, where a second thread uses what one thread owns; in release builds it does nothing.
///
/// The first thread that is checked is the owner. Release builds check no exclusivity at run time, and `assert` is
/// never evaluated in modules that debug builds optimise, so nothing else would tell.
package struct OwningThread {
    #if DEBUG
        private var owner: pthread_t?

        package init() {}

        /// Traps unless this thread is the owner.
        package mutating func check(_ owned: StaticString) {
            let this = pthread_self()
            guard let owner else {
                self.owner = this
                return
            }
            // Not a precondition: in optimised modules those say nothing.
            guard pthread_equal(owner, this) != 0 else {
                fatalError("\(owned) is used by a thread that does not own it.")
            }
        }

        /// Leaves it to the thread that uses it next.
        package mutating func handOver() { owner = nil }
    #else
        package init() {}
        @inline(__always) package mutating func check(_ owned: StaticString) {}
        @inline(__always) package mutating func handOver() {}
    #endif
}
