/** The manifests are what the published schemas of Kubernetes allow, and what the program serves. */
package dev.drover.kubernetes;
