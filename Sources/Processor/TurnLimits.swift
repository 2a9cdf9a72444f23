/// How much one turn may hold; a record that gives more is cut into several (Design.md, Time).
package struct TurnLimits: Sendable {
    package var outputCountMax = 5_000
    package var outputByteCountMax = 8 << 20
    package var recordCountMax = 20_000

    package init() {}

    package init(outputCountMax: Int, outputByteCountMax: Int, recordCountMax: Int) {
        self.outputCountMax = outputCountMax
        self.outputByteCountMax = outputByteCountMax
        self.recordCountMax = recordCountMax
    }
}
