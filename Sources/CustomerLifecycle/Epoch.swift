/// What a subject was last judged under: the policy's number and the generation of outputs.
///
/// Who is behind when an adoption passes keeps the old one, and is judged anew when its next record or the caught-up
/// comes.
package struct Epoch: Hashable, Sendable {
    /// 1 in genesis, then one more with each adoption.
    package var policyNumber: UInt32
    /// 1 in genesis, then what each generation record says.
    package var generation: UInt32

    package init(policyNumber: UInt32 = 1, generation: UInt32 = 1) {
        self.policyNumber = policyNumber
        self.generation = generation
    }
}
