"""What planners share: workbook, map page, GeoJSON and CSV, all made from one `Situation`."""
