/** The versions that Shakedown runs. go.mod of each folder in modules/ must say the same: a test compares them. */
export const pins = {
  kubernetes: '1.34.4',
  etcd: '3.6.8',
  k6: '1.8.1',
  coredns: '1.15.0',
  /** test/images/agnhost/VERSION in the module k8s.io/kubernetes of the version above. */
  agnhost: '2.56',
  pause: '1',
} as const;
