/// How many bytes each section of a subject's block takes, in the order in which they stand.
///
/// What is kept of a subject is stored, undone, copied and checkpointed as one run of bytes. Only this table and the
/// views of `SubjectHead` tell its sections apart, so that a new one is added here.
struct SectionCounts: Equatable {
    /// What was published of the subject, as `Said` packs it; 0 where nothing was.
    var said = 0
    /// What `Facts` packs; never 0 once it is written.
    var facts = 0
    /// Components: 0 until the fold has any, whose bytes `Partition.packSections` then writes last.
    var components = 0

    @inline(__always) var total: Int { said + facts + components }

    func pack(into writer: inout PackedWriter) {
        writer.writeVarint(UInt64(said))
        writer.writeVarint(UInt64(facts))
        writer.writeVarint(UInt64(components))
    }

    init(said: Int = 0, facts: Int = 0, components: Int = 0) {
        self.said = said
        self.facts = facts
        self.components = components
    }

    init(unpacking reader: inout PackedReader) {
        said = reader.readCount()
        facts = reader.readCount()
        components = reader.readCount()
    }
}
