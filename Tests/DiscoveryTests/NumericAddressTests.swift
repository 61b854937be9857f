import Testing

@testable import Discovery

@Suite struct NumericAddressTests {
    private func six(_ groups: UInt16...) -> [UInt8] { groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] } }

    @Test func writesAddressesAsRFC5952() {
        let text = { (bytes: [UInt8]) in NumericAddress(bytes: bytes, interface: 3)?.text }
        #expect(text([10, 77, 0, 1]) == "10.77.0.1")
        #expect(text(six(0xfd77, 0, 0, 0, 0, 0, 0, 1)) == "fd77::1")
        #expect(text(six(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1)) == "2001:db8::1:0:0:1")
        #expect(text(six(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1)) == "2001:db8:0:1:1:1:1:1")
        #expect(text(six(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0)) == "2001:db8::")
        #expect(text(six(1, 2, 3, 4, 5, 6, 7, 8)) == "1:2:3:4:5:6:7:8")
        #expect(text(six(0, 0, 0, 0, 0, 0, 0, 1)) == "::1")
        #expect(text(six(0xfe80, 0, 0, 0, 0, 0, 0, 0xa)) == "fe80::a%3")
    }

    @Test func refusesWhatCannotBeDialled() {
        let bad: [[UInt8]] = [
            [], [1, 2, 3], [0, 0, 0, 0], [0, 1, 2, 3], [224, 0, 0, 251], [255, 255, 255, 255], [UInt8](repeating: 0, count: 16),
            six(0xff02, 0, 0, 0, 0, 0, 0, 0xfb), [UInt8](repeating: 1, count: 15),
        ]
        for bytes in bad { #expect(NumericAddress(bytes: bytes, interface: 2) == nil) }
        #expect(NumericAddress(bytes: six(0xfe80, 0, 0, 0, 0, 0, 0, 1), interface: 0) == nil, "link-local needs its interface")
        #expect(NumericAddress(bytes: six(0xfe80, 0, 0, 0, 0, 0, 0, 1), interface: -1) == nil)
    }

    @Test func putsRoutableFirstAndLinkLocalLast() {
        let all = [
            [127, 0, 0, 1], six(0xfe80, 0, 0, 0, 0, 0, 0, 1), [169, 254, 9, 9], six(0xfd77, 0, 0, 0, 0, 0, 0, 1),
            [192, 168, 1, 9],
            [10, 0, 0, 7],
        ].compactMap { NumericAddress(bytes: $0, interface: 2) }
        let wanted = ["10.0.0.7", "192.168.1.9", "fd77::1", "169.254.9.9", "fe80::1%2", "127.0.0.1"]
        #expect(NumericAddress.sorted(all).map(\.text) == wanted)
        #expect(NumericAddress.sorted(all.reversed()).map(\.text) == wanted)
    }
}
