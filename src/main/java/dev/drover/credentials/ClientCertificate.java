package dev.drover.credentials;

import dev.drover.config.CheckedBean;
import dev.drover.config.Problem;
import dev.drover.config.Secret;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.jspecify.annotations.Nullable;

/**
 * A client certificate for one destination: a PKCS #12 file with its password, or a certificate and its key in PEM. Set
 * it as {@code sslContextParameters} of the endpoint. The other TLS settings of Camel can be set too. The files are read
 * when the endpoint is created; a changed file takes effect after a restart.
 */
public final class ClientCertificate extends SSLContextParameters implements CheckedBean {

    private @Nullable String keyStore;
    private @Nullable Secret password;
    private @Nullable String certificate;
    private @Nullable String key;
    private @Nullable String trusted;

    /** The path of a PKCS #12 file with the key and the certificate. */
    public void setKeyStore(String keyStore) {
        this.keyStore = keyStore;
    }

    /** The place of the password of the PKCS #12 file, see {@link Secret}. */
    public void setPassword(String reference) {
        this.password = Secret.of(reference);
    }

    /** The path of the certificate in PEM, followed by its intermediate certificates. */
    public void setCertificate(String certificate) {
        this.certificate = certificate;
    }

    /** The path of the private key in PEM: PKCS #8 without a password. */
    public void setKey(String key) {
        this.key = key;
    }

    /** The path of the trusted certificate authorities in PEM; by default the authorities of the JVM. */
    public void setTrusted(String trusted) {
        this.trusted = trusted;
    }

    @Override
    public List<Problem> problems() {
        if (keyStore != null && (certificate != null || key != null)) {
            return List.of(new Problem(
                    "keyStore",
                    "cannot be set together with certificate and key; allowed are keyStore and"
                            + " password, or certificate and key"));
        }
        if (keyStore == null) {
            return new Given()
                    .given("certificate", certificate)
                    .given("key", key)
                    .list();
        }
        return new Given()
                .given("keyStore", keyStore)
                .secret("password", password)
                .list();
    }

    @Override
    public List<Problem> missing() {
        Given problems = new Given();
        if (keyStore != null) {
            problems.works("password", password);
        }
        if (problems.list().isEmpty()) {
            problems.works(keyStore == null ? "certificate" : "keyStore", this::keys);
        }
        if (trusted != null) {
            problems.works("trusted", () -> KeyFiles.trusted(Given.text("trusted", trusted)));
        }
        return problems.list();
    }

    @Override
    public SSLContext createSSLContext(CamelContext context) throws GeneralSecurityException, IOException {
        Keys keys = keys();
        KeyManagersParameters own = new KeyManagersParameters();
        own.setKeyStore(parameters(keys.store()));
        own.setKeyPassword(keys.password());
        setKeyManagers(own);
        if (trusted != null) {
            TrustManagersParameters trust = new TrustManagersParameters();
            trust.setKeyStore(parameters(KeyFiles.trusted(trusted)));
            setTrustManagers(trust);
        }
        return super.createSSLContext(context);
    }

    private Keys keys() throws IOException {
        String from = keyStore == null ? Given.text("certificate", certificate) : keyStore;
        // a key store needs a password, and a PEM file has none
        String secret = keyStore == null ? UUID.randomUUID().toString() : Given.value("password", password);
        KeyStore store = keyStore == null
                ? KeyFiles.pem(from, Given.text("key", key), secret.toCharArray())
                : KeyFiles.pkcs12(from, secret.toCharArray());
        KeyFiles.check(store, from);
        return new Keys(store, secret);
    }

    private static KeyStoreParameters parameters(KeyStore store) {
        KeyStoreParameters parameters = new KeyStoreParameters();
        parameters.setKeyStore(store);
        return parameters;
    }

    private record Keys(KeyStore store, String password) {

        @Override
        public String toString() {
            return "keys";
        }
    }

    @Override
    public String toString() {
        return "client certificate";
    }
}
