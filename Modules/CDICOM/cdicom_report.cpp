// DICOM SEG and SR writers over dcmseg and cmr. See cdicom_report.h.
#include "cdicom_report.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmfg/fgderimg.h>
#include <dcmtk/dcmfg/fgfracon.h>
#include <dcmtk/dcmfg/fgpixmsr.h>
#include <dcmtk/dcmfg/fgplanor.h>
#include <dcmtk/dcmfg/fgplanpo.h>
#include <dcmtk/dcmiod/iodreferences.h>
#include <dcmtk/dcmiod/modcommoninstanceref.h>
#include <dcmtk/dcmiod/modmultiframedimension.h>
#include <dcmtk/dcmseg/segdoc.h>
#include <dcmtk/dcmseg/segment.h>
#include <dcmtk/dcmsr/cmr/cid5000.h>
#include <dcmtk/dcmsr/cmr/cid5001.h>
#include <dcmtk/dcmsr/cmr/tid1500.h>
#include <dcmtk/dcmsr/dsrdoc.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <string>

namespace {

struct Failure : std::exception {
  std::string text;
  explicit Failure(std::string message) : text(std::move(message)) {}
  const char *what() const noexcept override { return text.c_str(); }
};

void require(const OFCondition &condition, const char *step) {
  if (condition.bad()) throw Failure(std::string(step) + ": " + condition.text());
}

template <class Body>
int guarded(char *message, size_t size, Body body) {
  try {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    body();
    return 0;
  } catch (const std::exception &error) {
    if (message && size) std::snprintf(message, size, "%s", error.what());
  } catch (...) {
    if (message && size) std::snprintf(message, size, "an unknown C++ exception");
  }
  return 1;
}

// A decimal string of at most 16 characters, as DS wants it.
OFString decimal(double value) {
  char text[40];
  for (int digits = 12; digits > 3; digits--) {
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    if (std::strlen(text) <= 16) break;
  }
  return text;
}

std::unique_ptr<DcmFileFormat> load(const char *path) {
  auto file = std::make_unique<DcmFileFormat>();
  require(file->loadFile(path, EXS_Unknown, EGL_noChange, 4096), "reading the reference");
  return file;
}

void save(DcmFileFormat &file, const char *path) {
  require(file.saveFile(path, EXS_LittleEndianExplicit), "writing the file");
}

OFVector<FGBase *> perFrame(FGBase *first, FGBase *second, FGBase *third) {
  OFVector<FGBase *> groups;
  groups.push_back(first);
  groups.push_back(second);
  groups.push_back(third);
  return groups;
}

}  // namespace

struct cdicom_seg {
  std::unique_ptr<DcmSegmentation> document;
  OFVector<OFString> sources;
  std::string study;
};

cdicom_seg *cdicom_seg_new(const char *reference_file, uint16_t rows, uint16_t columns, const double orientation[6],
                           double row_spacing, double column_spacing, double slice_thickness, double slice_spacing,
                           const char *version, char *message, size_t message_size) {
  std::unique_ptr<cdicom_seg> seg;
  const int status = guarded(message, message_size, [&] {
    seg = std::make_unique<cdicom_seg>();
    DcmSegmentation *raw = nullptr;
    IODGeneralEquipmentModule::EquipmentInfo equipment("SpineMet", "spinemet", "1", version);
    ContentIdentificationMacro content("1", "LESIONS", "Lesion masks", "spinemet");
    require(DcmSegmentation::createBinarySegmentation(raw, rows, columns, equipment, content), "creating the SEG");
    seg->document.reset(raw);
    auto reference = load(reference_file);
    require(raw->importHierarchy(*reference->getDataset(), OFTrue, OFTrue, OFTrue, OFFalse), "taking over the study");
    OFString uid;
    require(reference->getDataset()->findAndGetOFString(DCM_StudyInstanceUID, uid), "reading the study's UID");
    seg->study = uid.c_str();

    std::unique_ptr<FGPlaneOrientationPatient> plane(FGPlaneOrientationPatient::createMinimal(
        decimal(orientation[0]), decimal(orientation[1]), decimal(orientation[2]), decimal(orientation[3]),
        decimal(orientation[4]), decimal(orientation[5])));
    if (!plane) throw Failure("the orientation is not valid");
    require(raw->addForAllFrames(*plane), "adding the orientation");
    FGPixelMeasures measures;
    require(measures.setPixelSpacing(decimal(row_spacing) + "\\" + decimal(column_spacing)), "setting the spacing");
    require(measures.setSliceThickness(decimal(slice_thickness)), "setting the thickness");
    require(measures.setSpacingBetweenSlices(decimal(slice_spacing)), "setting the slice spacing");
    require(raw->addForAllFrames(measures), "adding the pixel measures");

    char organization[65];
    dcmGenerateUniqueIdentifier(organization, SITE_INSTANCE_UID_ROOT);
    auto &dimensions = raw->getDimensions();
    require(dimensions.addDimensionIndex(DCM_ReferencedSegmentNumber, organization, DCM_SegmentIdentificationSequence,
                                         "segment"),
            "adding a dimension");
    require(dimensions.addDimensionIndex(DCM_ImagePositionPatient, organization, DCM_PlanePositionSequence, "position"),
            "adding a dimension");
  });
  return status == 0 ? seg.release() : nullptr;
}

void cdicom_seg_free(cdicom_seg *seg) { delete seg; }

int cdicom_seg_add_segment(cdicom_seg *seg, const char *label, const char *tracking_id, const char *tracking_uid,
                           uint16_t *number, char *message, size_t message_size) {
  return guarded(message, message_size, [&] {
    DcmSegment *segment = nullptr;
    CodeSequenceMacro category("49755003", "SCT", "Morphologically Altered Structure");
    CodeSequenceMacro type("94222008", "SCT", "Metastatic malignant neoplasm to bone");
    require(DcmSegment::create(segment, label, category, type, DcmSegTypes::SAT_SEMIAUTOMATIC, "spinemet"),
            "creating a segment");
    std::unique_ptr<DcmSegment> owner(segment);
    require(segment->setTrackingID(tracking_id), "setting the tracking identifier");
    require(segment->setTrackingUID(tracking_uid), "setting the tracking UID");
    Uint16 given = 0;
    require(seg->document->addSegment(segment, given), "adding a segment");
    owner.release();
    *number = given;
  });
}

int cdicom_seg_add_frame(cdicom_seg *seg, uint16_t segment, const double position[3], uint32_t dimension_index,
                         const char *source_file, const uint8_t *mask, char *message, size_t message_size) {
  return guarded(message, message_size, [&] {
    std::unique_ptr<FGPlanePosPatient> place(
        FGPlanePosPatient::createMinimal(decimal(position[0]), decimal(position[1]), decimal(position[2])));
    if (!place) throw Failure("the position is not valid");
    FGFrameContent content;
    require(content.setDimensionIndexValues(segment, 0), "setting a dimension index");
    require(content.setDimensionIndexValues(dimension_index, 1), "setting a dimension index");
    FGDerivationImage derivation;
    DerivationImageItem *item = nullptr;
    require(derivation.addDerivationImageItem(CodeSequenceMacro("113076", "DCM", "Segmentation"), "", item),
            "adding the derivation");
    OFVector<OFString> files;
    files.push_back(source_file);
    OFVector<SourceImageItem *> sources;
    require(item->addSourceImageItems(files,
                                      CodeSequenceMacro("121322", "DCM",
                                                        "Source image for image processing operation"),
                                      sources, OFTrue),
            "adding the source image");
    require(seg->document->addFrame(const_cast<Uint8 *>(mask), segment, perFrame(place.get(), &content, &derivation)),
            "adding a frame");
    bool known = false;
    for (const auto &file : seg->sources) known = known || file == source_file;
    if (!known) seg->sources.push_back(source_file);
  });
}

int cdicom_seg_write(cdicom_seg *seg, const char *path, const char *series_uid, const char *sop_uid, const char *date,
                     const char *time, char *message, size_t message_size) {
  return guarded(message, message_size, [&] {
    auto &document = *seg->document;
    require(document.getSeries().setSeriesInstanceUID(series_uid), "setting the series UID");
    require(document.getSeries().setSeriesNumber("9001"), "setting the series number");
    require(document.getSeries().setSeriesDescription("SpineMet lesions"), "setting the series description");
    require(document.getSOPCommon().setSOPInstanceUID(sop_uid), "setting the SOP instance UID");
    IODReferences references;
    references.addFromFiles(seg->sources);
    document.getCommonInstanceReference().addReferences(references, seg->study.c_str());
    DcmFileFormat file;
    auto *dataset = file.getDataset();
    require(document.writeDataset(*dataset), "composing the SEG");
    require(dataset->putAndInsertString(DCM_ContentDate, date), "setting the date");
    require(dataset->putAndInsertString(DCM_ContentTime, time), "setting the time");
    require(dataset->putAndInsertString(DCM_SeriesDate, date), "setting the date");
    require(dataset->putAndInsertString(DCM_SeriesTime, time), "setting the time");
    // Spatial Locations Preserved has no setter in dcmfg 3.6.7 and dciodvfy asks for it.
    DcmSequenceOfItems *frames = nullptr;
    if (dataset->findAndGetSequence(DCM_PerFrameFunctionalGroupsSequence, frames).good()) {
      for (unsigned long index = 0; index < frames->card(); index++) {
        DcmItem *derivation = nullptr, *source = nullptr;
        if (frames->getItem(index)->findAndGetSequenceItem(DCM_DerivationImageSequence, derivation).good() &&
            derivation->findAndGetSequenceItem(DCM_SourceImageSequence, source).good())
          require(source->putAndInsertString(DCM_SpatialLocationsPreserved, "YES"), "finishing the derivation");
      }
    }
    save(file, path);
  });
}

struct cdicom_sr {
  TID1500_MeasurementReport report{CMR_CID7021::ImagingMeasurementReport};
  std::unique_ptr<DcmFileFormat> reference;
  std::unique_ptr<DcmFileFormat> segmentation;
  bool hasGroup = false;
};

cdicom_sr *cdicom_sr_new(const char *reference_file, const char *seg_file, const char *version, const char *device_uid,
                         char *message, size_t message_size) {
  std::unique_ptr<cdicom_sr> sr;
  const int status = guarded(message, message_size, [&] {
    sr = std::make_unique<cdicom_sr>();
    sr->reference = load(reference_file);
    sr->segmentation = std::make_unique<DcmFileFormat>();
    require(sr->segmentation->loadFile(seg_file), "reading the SEG");
    auto &report = sr->report;
    require(report.setLanguage(CID5000_Languages::English_US), "setting the language");
    require(report.getObservationContext().addDeviceObserver(device_uid, "spinemet", "SpineMet", "spinemet", version),
            "naming the observer");
    require(report.addProcedureReported(CID100_QuantitativeDiagnosticImagingProcedures::MRIUnspecifiedBodyRegion),
            "naming the procedure");
  });
  return status == 0 ? sr.release() : nullptr;
}

void cdicom_sr_free(cdicom_sr *sr) { delete sr; }

int cdicom_sr_add_group(cdicom_sr *sr, const char *tracking_id, const char *tracking_uid, uint16_t segment,
                        const char *source_series_uid, const char *site_value, const char *site_meaning, char *message,
                        size_t message_size) {
  return guarded(message, message_size, [&] {
    auto &report = sr->report;
    if (sr->hasGroup) require(report.addVolumetricROIMeasurements(), "opening a group");
    sr->hasGroup = true;
    auto &group = report.getVolumetricROIMeasurements();
    require(group.setTrackingIdentifier(tracking_id), "setting the tracking identifier");
    require(group.setTrackingUniqueIdentifier(tracking_uid), "setting the tracking UID");
    require(group.setFinding(DSRCodedEntryValue("94222008", "SCT", "Metastatic malignant neoplasm to bone")),
            "setting the finding");
    require(group.setReferencedSegment(*sr->segmentation->getDataset(), segment, OFFalse), "naming the segment");
    require(group.setSourceSeriesForSegmentation(source_series_uid), "naming the source series");
    if (site_value && *site_value)
      require(group.addFindingSite(DSRCodedEntryValue(site_value, "SCT", site_meaning)), "naming the site");
  });
}

int cdicom_sr_add_measurement(cdicom_sr *sr, const char *value, const char *scheme, const char *meaning,
                              const char *text, const char *unit, const char *unit_meaning, char *message,
                              size_t message_size) {
  return guarded(message, message_size, [&] {
    require(sr->report.getVolumetricROIMeasurements().addMeasurement(
                DSRCodedEntryValue(value, scheme, meaning),
                CMR_TID1411_in_TID1500::MeasurementValue(
                    text, DSRCodedEntryValue(unit, "UCUM", unit_meaning)),
                OFTrue, OFFalse),
            "adding a measurement");
  });
}

int cdicom_sr_add_evaluation(cdicom_sr *sr, const char *name_value, const char *name_scheme, const char *name_meaning,
                             const char *value, const char *scheme, const char *meaning, char *message,
                             size_t message_size) {
  return guarded(message, message_size, [&] {
    require(sr->report.getVolumetricROIMeasurements().addQualitativeEvaluation(
                DSRCodedEntryValue(name_value, name_scheme, name_meaning), DSRCodedEntryValue(value, scheme, meaning)),
            "adding a category");
  });
}

int cdicom_sr_write(cdicom_sr *sr, const char *path, const char *series_uid, const char *sop_uid, const char *date,
                    const char *time, char *message, size_t message_size) {
  return guarded(message, message_size, [&] {
    DSRDocument document;
    require(document.setTreeFromRootTemplate(sr->report, OFTrue), "building the content tree");
    require(document.changeDocumentType(DSRTypes::DT_ComprehensiveSR), "choosing the document type");
    require(document.readPatientData(*sr->reference->getDataset()), "taking over the patient");
    require(document.readStudyData(*sr->reference->getDataset()), "taking over the study");
    require(document.setContentDate(date), "setting the date");
    require(document.setContentTime(time), "setting the time");
    require(document.setSeriesDescription("SpineMet measurements"), "describing the series");
    require(document.setSeriesNumber("9002"), "numbering the series");
    require(document.setManufacturer("SpineMet"), "naming the maker");
    require(document.getCodingSchemeIdentification().addItem("99SPINEMET"), "naming the private codes");
    require(document.getCodingSchemeIdentification().setCodingSchemeName("SpineMet findings, see Guides/dicom-report.md"),
            "naming the private codes");
    require(document.getCurrentRequestedProcedureEvidence().addItem(*sr->segmentation->getDataset()),
            "listing the SEG as evidence");
    require(document.getCurrentRequestedProcedureEvidence().addItem(*sr->reference->getDataset()),
            "listing the images as evidence");
    DcmFileFormat file;
    auto *dataset = file.getDataset();
    require(document.write(*dataset), "composing the SR");
    require(dataset->putAndInsertString(DCM_SeriesInstanceUID, series_uid), "setting the series UID");
    require(dataset->putAndInsertString(DCM_SOPInstanceUID, sop_uid), "setting the SOP instance UID");
    save(file, path);
  });
}
