import Gossip
import Machine
import Testing

@Suite struct SensorTests {
    private func thermal(_ files: [String: String]) throws -> ThermalReading {
        let tree = try FixtureTree(files)
        return ThermalReader(files: SystemFiles(root: tree.root)).read()
    }

    @Test func theHottestSensorCounts() throws {
        let reading = try thermal([
            "/sys/class/thermal/thermal_zone0/type": "acpitz\n", "/sys/class/thermal/thermal_zone0/temp": "45000\n",
            "/sys/class/thermal/cooling_device0/temp": "99000\n",
            "/sys/class/hwmon/hwmon0/name": "k10temp\n", "/sys/class/hwmon/hwmon0/temp1_input": "71500\n",
            "/sys/class/hwmon/hwmon0/temp1_crit": "99000\n",
        ])
        #expect(reading == ThermalReading(celsius: 71.5, source: "k10temp"))
        #expect(reading.level == .nominal)
    }

    @Test func disksAndRadiosDoNotCount() throws {
        let reading = try thermal([
            "/sys/class/hwmon/hwmon0/name": "nvme\n", "/sys/class/hwmon/hwmon0/temp1_input": "90000\n",
            "/sys/class/thermal/thermal_zone0/type": "iwlwifi_1\n", "/sys/class/thermal/thermal_zone0/temp": "90000\n",
        ])
        #expect(reading.celsius == nil)
        #expect(reading.level == .unknown)
    }

    @Test(arguments: ["", "hot", "-274000", "0", "255000", "99999999999999999999999"])
    func brokenSensorsDoNotCount(_ text: String) throws {
        let reading = try thermal([
            "/sys/class/thermal/thermal_zone0/type": "cpu\n", "/sys/class/thermal/thermal_zone0/temp": text,
        ])
        #expect(reading.level == .unknown)
    }

    @Test(arguments: [(84.9, ThermalLevel.nominal), (85, .warning), (94.9, .warning), (95, .critical), (110, .critical)])
    func levels(_ celsius: Double, _ level: ThermalLevel) { #expect(ThermalReading(celsius: celsius).level == level) }

    private func power(_ files: [String: String]) throws -> PowerReading {
        let tree = try FixtureTree(files)
        return PowerReader(files: SystemFiles(root: tree.root)).read()
    }

    @Test func aLaptopOnBatteryAndOnMains() throws {
        let battery = ["/sys/class/power_supply/BAT0/type": "Battery\n", "/sys/class/power_supply/BAT0/status": "Discharging\n"]
        let off = ["/sys/class/power_supply/AC/type": "Mains\n", "/sys/class/power_supply/AC/online": "0\n"]
        let on = ["/sys/class/power_supply/AC/type": "Mains\n", "/sys/class/power_supply/AC/online": "1\n"]
        #expect(try power(battery.merging(off) { $1 }) == PowerReading(isLaptop: true, onBattery: true))
        #expect(try power(battery.merging(on) { $1 }) == PowerReading(isLaptop: true, onBattery: false))
        #expect(try power([:]) == PowerReading(isLaptop: false, onBattery: false))
    }

    @Test func aMouseIsNoLaptop() throws {
        let mouse = [
            "/sys/class/power_supply/hidpp/type": "Battery\n", "/sys/class/power_supply/hidpp/scope": "Device\n",
            "/sys/class/power_supply/hidpp/status": "Discharging\n",
        ]
        #expect(try power(mouse) == PowerReading(isLaptop: false, onBattery: false))
    }

    @Test func diskOfAFolderThatIsNotThereYet() throws {
        let tree = try FixtureTree()
        let here = try #require(DiskReader(path: tree.root).read())
        let later = try #require(DiskReader(path: tree.root + "/not/yet").read())
        #expect(here.totalBytes > 0)
        #expect(here.availableBytes <= here.totalBytes)
        #expect(later.totalBytes == here.totalBytes)
        #expect(DiskReader(path: "").read() == nil)
    }

    private func link(_ route: String, _ files: [String: String] = [:]) throws -> LinkKind {
        let header = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
        let tree = try FixtureTree(files.merging(["/proc/net/route": header + route]) { $1 })
        return LinkReader(files: SystemFiles(root: tree.root)).read()
    }

    @Test func theDefaultRouteDecidesAboutCableOrRadio() throws {
        let radio = ["/sys/class/net/wlp3s0/wireless/x": ""]
        let wlan = "wlp3s0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
        let cable = "enp0s1\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
        #expect(try link(wlan, radio) == .wifi)
        #expect(try link(wlan + cable, radio) == .wired)
        #expect(try link("enp0s1\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n") == .unknown)
        #expect(try link("../../etc\t00000000\t0\t0003\t0\t0\t1\n") == .unknown)
        #expect(try link("garbage\n\t\t\n") == .unknown)
    }
}
