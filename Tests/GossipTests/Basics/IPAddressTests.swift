import Gossip
import Testing

@Suite struct IPAddressTests {
    @Test(
        arguments: [
            (0xFE80_0000_0000_0000, 0x0077_00FF_FE00_0002, 2, "fe80::77:ff:fe00:2%2"), (0, 1, 0, "::1"), (0, 0, 0, "::"),
            (0x2001_0DB8_0000_0001, 0x0000_0000_0000_0001, 0, "2001:db8:0:1::1"),
            (0x2001_0DB8_0000_0000, 0x0001_0000_0000_0001, 0, "2001:db8::1:0:0:1"),
            (0x0001_0002_0003_0004, 0x0005_0006_0007_0008, 0, "1:2:3:4:5:6:7:8"),
            (0x2001_0DB8_0000_0001, 0x0001_0001_0001_0001, 0, "2001:db8:0:1:1:1:1:1"),
        ] as [(UInt64, UInt64, UInt32, String)])
    func sixIsWrittenShort(high: UInt64, low: UInt64, scope: UInt32, text: String) {
        #expect(IPAddress.v6(high: high, low: low, scope: scope).description == text)
    }

    @Test func fourIsWrittenWithDots() {
        #expect(IPAddress.v4(0x0A00_01FE).description == "10.0.1.254")
        #expect(Endpoint(.v4(0x7F00_0001), port: 11_445).description == "127.0.0.1:11445")
        #expect(Endpoint(.v6(high: 0, low: 1, scope: 0), port: 1).description == "[::1]:1")
    }
}
