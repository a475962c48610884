internal import CDICOM

/// Versions of the libraries that read DICOM, as built in.
public enum LibraryVersions {
  public static var dcmtk: String { unsafe String(cString: cdicom_dcmtk_version()) }
  public static var openJPEG: String { unsafe String(cString: cdicom_openjpeg_version()) }
}
