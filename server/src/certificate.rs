//! A certificate that this program makes for itself, kept nowhere: who can't ask an authority for one, as in a classroom, has https all the same.

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair};
use sha2::{Digest, Sha256};
use std::error::Error;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto::ring};

/// For how long it is valid.
const VALID: Duration = Duration::days(90);

/// A certificate with its key.
pub struct Certificate {
    pub(crate) config: Arc<ServerConfig>,
    der: CertificateDer<'static>,
}

impl Certificate {
    /// For these names and addresses of this machine. Errors when a name can't be one, and when the system has no random numbers.
    pub fn new(names: &[String]) -> Result<Certificate, Box<dyn Error>> {
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, "Inkling");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        // Clocks in a classroom differ.
        params.not_before = OffsetDateTime::now_utc() - Duration::DAY;
        params.not_after = OffsetDateTime::now_utc() + VALID;
        let key = KeyPair::generate()?;
        let der = CertificateDer::from(params.self_signed(&key)?);
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![der.clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))?;
        Ok(Certificate { config: Arc::new(config), der })
    }

    /// The certificate itself, without its key.
    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// The SHA-256 of the certificate as browsers show it: hexadecimal digits, with colons.
    pub fn fingerprint(&self) -> String {
        let digits: Vec<String> = Sha256::digest(&self.der).iter().map(|byte| format!("{byte:02X}")).collect();
        digits.join(":")
    }
}
