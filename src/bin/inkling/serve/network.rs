//! This machine in its networks: where it listens, and how the others reach it.

use if_addrs::get_if_addrs;
use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

/// Begins the names of interfaces that lead to no classroom: containers, virtual machines, tunnels.
const VIRTUAL: [&str; 12] =
    ["docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "vEthernet", "tun", "tap", "utun", "wg", "tailscale"];

/// Connections that may wait until the program takes them: a class that opens the page at once makes six each. The standard
/// library has 128 wait, and the system breaks off the others.
const WAITING: i32 = 4096;

/// Listens on `host`, or on all addresses: of IPv4 for certain, of IPv6 where there is one.
pub fn listen(host: Option<IpAddr>, port: u16) -> io::Result<Vec<TcpListener>> {
    let first = bind((host.unwrap_or(Ipv4Addr::UNSPECIFIED.into()), port).into())?;
    let port = first.local_addr()?.port();
    let second = if host.is_none() { bind((Ipv6Addr::UNSPECIFIED, port).into()).ok() } else { None };
    Ok([first].into_iter().chain(second).collect())
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if address.is_ipv6() {
        // Some systems would take IPv4 with it, for which there is a socket already.
        socket.set_only_v6(true)?;
    }
    // As the standard library does: elsewhere than on Unix it would let two programs share a port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(WAITING)?;
    Ok(socket.into())
}

/// This machine's addresses in its networks, the most likely to be a classroom's first.
pub fn addresses() -> Vec<IpAddr> {
    let interfaces = get_if_addrs().unwrap_or_default();
    let mut ranked: Vec<_> = interfaces.iter().filter_map(|one| Some((rank(&one.name, one.ip())?, one.ip()))).collect();
    ranked.sort();
    ranked.into_iter().map(|(_, address)| address).collect()
}

/// Lower is better; `None` where no other machine can use it.
fn rank(interface: &str, address: IpAddr) -> Option<u8> {
    let is_virtual = VIRTUAL.iter().any(|name| interface.starts_with(name));
    match address {
        _ if address.is_loopback() => None,
        IpAddr::V4(_) if is_virtual => Some(3),
        IpAddr::V4(v4) if v4.is_private() => Some(0),
        IpAddr::V4(_) => Some(1),
        IpAddr::V6(v6) if v6.is_unicast_link_local() => None,
        IpAddr::V6(_) => Some(if is_virtual { 4 } else { 2 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_classrooms_network_comes_first() {
        for (interface, address, expected) in [
            ("lo", "127.0.0.1", None),
            ("lo", "::1", None),
            ("wlan0", "192.168.1.5", Some(0)),
            ("eth0", "10.0.0.5", Some(0)),
            ("eth0", "140.112.1.5", Some(1)),
            ("wlan0", "fd00::5", Some(2)),
            ("docker0", "172.17.0.1", Some(3)),
            ("tun0", "fd00::6", Some(4)),
            ("wlan0", "fe80::5", None),
        ] {
            assert_eq!(rank(interface, address.parse().unwrap()), expected, "{interface} {address}");
        }
    }

    #[test]
    fn a_taken_port_is_an_error_of_its_own() {
        let taken = listen(None, 0).unwrap();
        let port = taken[0].local_addr().unwrap().port();
        assert_eq!(listen(None, port).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    }
}
